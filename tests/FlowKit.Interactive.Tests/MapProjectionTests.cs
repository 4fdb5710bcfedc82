using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

public class MapProjectionTests
{
    public static TheoryData<string, double, double> Maps => new()
    {
        { "Mollweide", 0, 0 }, { "Mollweide", 200, 0 }, { "Mollweide", 30, 50 }, { "Mollweide", -70, -90 },
        { "orthographic", 0, 0 }, { "orthographic", 40, 30 }, { "orthographic", -100, 90 },
    };

    [Theory, MemberData(nameof(Maps))]
    public void A_point_that_is_seen_is_drawn_where_the_map_finds_it(string name, double longitude, double latitude)
    {
        var map = Map(name, longitude, latitude);
        int seen = 0;
        foreach (var point in Directions(2000))
        {
            if (map.Project(point) is not var (x, y)) continue;
            seen++;
            Assert.InRange(Math.Pow(x / map.HalfWidth, 2) + y * y, 0, 1 + 1e-12);
            Assert.True((map.Unproject(x * (1 - 1e-12), y * (1 - 1e-12))!.Value - point).Length < 1e-5);
        }

        Assert.InRange(seen, name == "Mollweide" ? 2000 : 850, name == "Mollweide" ? 2000 : 1150);
    }

    [Theory, InlineData(0, 0), InlineData(30, 50)]
    public void Mollweides_areas_are_those_of_the_sphere(double longitude, double latitude)
    {
        var map = MapProjection.Mollweide(longitude, latitude);
        Vector3[] cells = [.. Cells(400, map.HalfWidth).Select(at => map.Unproject(at.X, at.Y)).OfType<Vector3>()];
        foreach (var middle in Directions(20))
            foreach (double height in new[] { 0.9, 0.3, -0.5 })
                Assert.Equal((1 - height) / 2, cells.Count(cell => cell.Dot(middle) > height) / (double)cells.Length, 2e-3);      // Archimedes
    }

    [Theory, InlineData(-1.0), InlineData(-0.3), InlineData(0.0), InlineData(1e-9), InlineData(0.7), InlineData(0.9999999), InlineData(1.0), InlineData(1.0000001)]
    public void Newtons_method_solves_Mollweides_equation(double s)
    {
        double t = MollweideProjection.Parametric(s);
        Assert.Equal(Math.PI * Math.Clamp(s, -1, 1), 2 * t + Math.Sin(2 * t), 1e-12);
    }

    [Fact]
    public void Longitudes_grow_to_the_right_and_latitudes_upward()
    {
        Close((1, 0), MapProjection.Mollweide().Project(new(0, 1, 0)));
        Close((0, 1), MapProjection.Mollweide().Project(new(0, 0, 1)));
        Close((0, 0), MapProjection.Mollweide(longitude: 90).Project(new(0, 1, 0)));
        Close((0.5, 0), MapProjection.Orthographic().Project(Vector3.OnSphere(longitude: 30, latitude: 0)));
        Close((0, -1), MapProjection.Orthographic(latitude: 90).Project(new(1, 0, 0)));
        Assert.Null(MapProjection.Orthographic().Project(new(-1, 0, 0)));
        Assert.Null(MapProjection.Orthographic().Unproject(0.9, 0.9));

        static void Close((double X, double Y) expected, (double X, double Y)? at)
        {
            Assert.Equal(expected.X, at!.Value.X, 1e-9);
            Assert.Equal(expected.Y, at.Value.Y, 1e-9);
        }
    }

    [Theory, MemberData(nameof(Maps))]
    public void A_parallel_is_parted_at_the_border_and_nowhere_else(string name, double longitude, double latitude)
    {
        var map = Map(name, longitude, latitude);
        foreach (int height in new[] { -60, 0, 30 })
        {
            var (x, y, ends) = map.Trace(Enumerable.Range(0, 361).Select(degrees => Vector3.OnSphere(degrees + longitude, height)));
            Assert.All(ends, end => Assert.Equal(1, Math.Pow(end.X / map.HalfWidth, 2) + end.Y * end.Y, 1e-6));
            for (int i = 1; i < x.Length; i++)
                if (double.IsFinite(x[i] + x[i - 1])) Assert.True(Math.Sqrt(Math.Pow(x[i] - x[i - 1], 2) + Math.Pow(y[i] - y[i - 1], 2)) < 0.15);
        }
    }

    [Fact]
    public void A_direction_that_is_none_is_refused()
    {
        Assert.Contains("91", Assert.Throws<ArgumentException>("latitude", () => MapProjection.Mollweide(latitude: 91)).Message);
        Assert.Throws<ArgumentException>("latitude", () => MapProjection.Orthographic(latitude: double.NaN));
        Assert.Throws<ArgumentException>("longitude", () => MapProjection.Orthographic(longitude: double.PositiveInfinity));
    }

    private static MapProjection Map(string name, double longitude, double latitude) =>
        name == "Mollweide" ? MapProjection.Mollweide(longitude, latitude) : MapProjection.Orthographic(longitude, latitude);

    private static IEnumerable<(double X, double Y)> Cells(int rows, double halfWidth) =>
        from row in Enumerable.Range(0, rows)
        from column in Enumerable.Range(0, (int)(rows * halfWidth))
        select ((2 * column + 1.0) / rows - halfWidth, (2 * row + 1.0) / rows - 1);

    private static IEnumerable<Vector3> Directions(int count)
    {
        manual_seed(1);
        double[] normal = randn(count, 3, float64).ToDoubles();
        return [new(0, 0, 1), new(0, 0, -1), .. normal.Chunk(3).Skip(2).Select(x => new Vector3(x[0], x[1], x[2]).Normalized())];
    }
}
