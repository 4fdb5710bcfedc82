using FlowKit.Interactive.Rendering;
using static FlowKit.Interactive.Tests.Pictures;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

public class TorusFigureTests
{
    private static readonly DensityGrid Grid = DensityGrid.Evaluate(x => (x.select(1, 0) - 1).cos() + (x.select(1, 1) - 5).sin() * 0.5, (0, Math.Tau), resolution: 100, dtype: ScalarType.Float64);

    private static double Density(double first, double second) => Math.Exp(Math.Cos(first - 1) + Math.Sin(second - 5) * 0.5);

    [Fact]
    public void Angles_have_ticks_at_multiples_of_a_right_angle()
    {
        var figure = Figures.TorusDensity(Grid);
        foreach (string axis in new[] { "xaxis", "yaxis" })
        {
            var json = Json(figure).GetProperty("layout").GetProperty(axis);
            Assert.Equal([0, 1.5708, 3.1416, 4.7124, 6.2832], Numbers(json.GetProperty("tickvals")));
            Assert.Equal(["0", "π/2", "π", "3π/2", "2π"], json.GetProperty("ticktext").EnumerateArray().Select(text => text.GetString()));
        }

        using var bitmap = Decode(figure);
        var box = FigureLayout.Of(figure).Boxes.Single();
        bool[] dark = [.. Enumerable.Range((int)box.DataLeft - 4, (int)box.DataWidth + 8).Select(x => bitmap.GetPixel(x, (int)(box.DataTop + box.DataHeight) + 3).Red < 160)];
        Assert.Equal(5, dark.Zip(dark.Skip(1)).Count(pair => pair is (false, true)));
    }

    [Fact]
    public void Draws_are_brought_to_one_turn()
    {
        var dots = Figures.TorusDensity(Grid, samples: tensor(new[,] { { -1.0, 7 }, { 1, 2 } })).Panels[0].Layers.OfType<Points>().Single();
        Assert.Equal([Math.Tau - 1, 1], dots.X);
        Assert.Equal([7 - Math.Tau, 2], dots.Y);
    }

    [Theory, InlineData(60, 45), InlineData(-20, 10), InlineData(0, 90), InlineData(200, -30)]
    public void A_point_of_the_torus_that_is_seen_is_found_where_it_is_drawn(double longitude, double latitude)
    {
        var view = new TorusView(longitude, latitude);
        int seen = 0;
        for (double first = 0.05; first < Math.Tau; first += 0.1)
            for (double second = 0.05; second < Math.Tau; second += 0.1)
            {
                var point = TorusView.At(first, second);
                bool faces = (TorusView.At(first, second, 1) - point).Dot(Vector3.OnSphere(longitude, latitude)) > 0.4;      // not along the border, where a place holds many points
                if (!faces || !view.Sees(point)) continue;
                var (x, y) = view.Project(point);
                var found = view.Look(x, y)!.Value;
                Assert.Equal(0, Math.IEEERemainder(found.First - first, Math.Tau), 5e-3);
                Assert.Equal(0, Math.IEEERemainder(found.Second - second, Math.Tau), 5e-3);
                Assert.InRange(found.Shade, 0, 0.35);
                seen++;
            }

        Assert.InRange(seen, 500, 2000);
    }

    [Fact]
    public void The_border_parts_the_torus_from_what_is_around_it()
    {
        var view = new TorusView(60, 45);
        for (double first = 0; first < Math.Tau; first += 0.1)
        {
            var (low, high) = view.Border(first);
            (double X, double Y)[] ends = [view.Project(TorusView.At(first, low)), view.Project(TorusView.At(first, high))];
            var outer = ends.MaxBy(end => end.X * end.X + end.Y * end.Y);
            Assert.Null(view.Look(outer.X * 1.01, outer.Y * 1.01));
            Assert.NotNull(view.Look(outer.X * 0.99, outer.Y * 0.99));
        }
    }

    [Fact]
    public void The_surface_has_the_density_of_its_angles_also_across_the_ends()
    {
        var map = Figures.TorusSurface(Grid, longitude: 60, latitude: 45, resolution: 400).Panels[0].HeatMaps.Single();
        var view = new TorusView(60, 45);
        foreach (var (first, second) in new[] { (1.0, 1.0), (0.0, 0.5), (6.28, 0.8), (1.5, 0.0), (1.5, 6.2), (4, 1.6) })
        {
            var (x, y) = view.Project(TorusView.At(first, second));
            Assert.Equal(1, map.ValueAt(x, y) / Density(first, second), 0.02);
        }
    }

    [Fact]
    public void A_shadow_darkens_the_color_and_lies_on_no_blank_cell()
    {
        double[,] ones = { { 1, 1 }, { 1, double.NaN } }, shade = { { 0, 0.5 }, { 0, double.NaN } };
        var figure = Of(new HeatMap([0, 1], [0, 1], ones) { Shade = shade, Colors = (0, 1) });
        using var bitmap = Decode(figure);
        Assert.True(Near(At(figure, bitmap, 0, 0), new(253, 231, 37)));
        Assert.True(Near(At(figure, bitmap, 1, 0), new(126, 115, 18)));
        Assert.Equal(SkiaSharp.SKColors.White, At(figure, bitmap, 1, 1));
        var shadow = Trace(figure, 1);
        Assert.Equal([0, 0.5], Numbers(shadow.GetProperty("z")[0]));
        Assert.Equal("rgba(0,0,0,0)", shadow.GetProperty("colorscale")[0][1].GetString());
        Assert.False(shadow.GetProperty("showscale").GetBoolean());
    }

    [Fact]
    public void A_color_that_is_missing_is_mixed_from_neighboring_pixels()
    {
        byte[] index = ErrorDiffusion.Of([.. Enumerable.Repeat(0x404040u, 64 * 64)], 64, [0x000000, 0xFFFFFF, 0xFF0000]);
        Assert.DoesNotContain((byte)2, index);
        for (int block = 0; block < 16; block++)
            Assert.Equal(0x40 / 255.0, Enumerable.Range(0, 64 * 64).Where(i => i / 64 / 16 * 4 + i % 64 / 16 == block).Average(i => index[i]), 0.05);
    }

    [Fact]
    public void What_is_no_density_of_angles_is_refused_by_name()
    {
        var other = DensityGrid.Evaluate(x => x.sum(dim: 1), (-1, 1), resolution: 10);
        Assert.Contains("covers (-1, 1)", Assert.Throws<ArgumentException>("grid", () => Figures.TorusDensity(other)).Message);
        Assert.Throws<ArgumentException>("grid", () => Figures.TorusSurface(other));
        Assert.Throws<ArgumentException>("latitude", () => Figures.TorusSurface(Grid, latitude: 100));
        Assert.Throws<ArgumentException>("longitude", () => Figures.TorusSurface(Grid, longitude: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("resolution", () => Figures.TorusSurface(Grid, resolution: 1));
        Assert.Throws<ArgumentException>("samples", () => Figures.TorusDensity(Grid, samples: zeros(4, 3)));
    }

    [Fact]
    public void A_surface_is_small()
    {
        var figure = Figures.TorusSurface(Grid);
        Assert.InRange(figure.ToPng().Length, 10_000, 90_000);
        Assert.InRange(ChartHtml.Of(PlotlyRenderer.Json(figure), "").Length, 10_000, 120_000);
    }
}
