using FlowKit.Data;

namespace FlowKit.Tests.Data;

public class DirectionsTests
{
    [Fact]
    public void Places_become_unit_vectors()
    {
        var x = Directions.FromDegrees(tensor(new[] { 0.0, 90, 180, 12, -60 }), tensor(new[] { 0.0, 0, 0, 90, -30 }));
        double[] expected = [1, 0, 0, 0, 1, 0, -1, 0, 0, 0, 0, 1, Math.Sqrt(3) / 4, -0.75, -0.5];
        Assert.Equal(expected, [.. x.flatten().data<double>()], (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void The_way_back_finds_the_places_up_to_whole_turns_also_close_to_a_pole()
    {
        var quakes = Table.Load("quakes");
        var (longitude, latitude) = Directions.ToDegrees(Directions.FromDegrees(quakes["long"], quakes["lat"]) * 3);
        Assert.True((latitude - quakes["lat"]).abs().max().ToDouble() < 1e-12);
        Assert.True(((longitude - quakes["long"] + 180).remainder(360) - 180).abs().max().ToDouble() < 1e-12);
        Assert.True(longitude.abs().max().ToDouble() <= 180);

        var near = tensor(new[] { 90 - 1e-6 });
        Assert.Equal(1e-6, 90 - Directions.ToDegrees(Directions.FromDegrees(tensor(new[] { 33.0 }), near)).Latitude.ToDouble(), 1e-12);
        Assert.Equal(-90, Directions.ToDegrees(tensor(new[,] { { 0f, 0, -1 } })).Latitude.ToDouble());
    }

    [Fact]
    public void What_are_no_places_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("latitude", () => Directions.FromDegrees(ones(3), ones(2)));
        Assert.Throws<ArgumentException>("latitude", () => Directions.FromDegrees(ones(3), ones(3) * 91));
        Assert.Throws<ArgumentException>("latitude", () => Directions.FromDegrees(ones(3), ones(3, float64)));
        Assert.Throws<ArgumentException>("longitude", () => Directions.FromDegrees(ones(3, int64), ones(3, int64)));
        Assert.Contains("(B, 3)", Assert.Throws<ArgumentException>("x", () => Directions.ToDegrees(ones(3, 2))).Message);
    }
}
