using FlowKit.Interactive.Rendering;
using static FlowKit.Interactive.Tests.Pictures;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

public class SphereFigureTests
{
    private const double Kappa = 10;

    /// <summary>Unnormalized: exp(10 x.mu) of four directions. Rezende, Papamakarios et al. 2020, arXiv:2002.02428.</summary>
    private static Tensor FourModes(Tensor x)
    {
        var modes = new[] { (0.7, 1.5), (-1, 1), (0.6, 0.5), (-0.7, 4) }.SelectMany(mode => new[] { Math.Sin(mode.Item2) * Math.Cos(mode.Item1), Math.Sin(mode.Item2) * Math.Sin(mode.Item1), Math.Cos(mode.Item2) });
        return (x.unsqueeze(1) * tensor(modes.ToArray(), float64).reshape(4, 3).to(x.dtype)).sum(dim: 2).mul(Kappa).logsumexp(1);
    }

    private static Tensor AtPole(Tensor x) => x.select(1, 2) * Kappa;

    [Fact]
    public void The_cells_of_a_Mollweide_map_sum_to_the_normalizer()
    {
        var map = Figures.SphereDensity(FourModes, dtype: ScalarType.Float64).Panels[0].HeatMaps.Single();
        Assert.Equal((200, 400), (map.Y.Count, map.X.Count));
        double cell = 4.0 * 2 / (200 * 400), ellipse = 2 * Math.PI;
        Assert.Equal(10.921586, Math.Log(map.Values.Cast<double>().Where(double.IsFinite).Sum() * cell * 4 * Math.PI / ellipse), 1e-3);       // ln(4 * 4 pi sinh(10) / 10)
    }

    [Fact]
    public void Outside_of_a_map_there_is_nothing()
    {
        var figure = Figures.SphereDensity(AtPole);
        var map = figure.Panels[0].HeatMaps.Single();
        Assert.True(double.IsNaN(map.ValueAt(-1.95, 0.95)) && double.IsNaN(map.ValueAt(1.95, -0.95)) && double.IsFinite(map.ValueAt(0, 0)));
        using var bitmap = Decode(figure);
        Assert.Equal(SkiaSharp.SKColors.White, At(figure, bitmap, -1.9, 0.9));
        Assert.True(Near(At(figure, bitmap, 0.15, -0.2), new(68, 1, 84)));
        var z = Trace(figure).GetProperty("z");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, z[0][0].ValueKind);
        Assert.Equal(System.Text.Json.JsonValueKind.Number, z[100][200].ValueKind);
    }

    [Fact]
    public void A_map_names_its_meridians_and_parallels()
    {
        Assert.Equal(["120°W", "60°W", "0°", "60°E", "120°E"], Words(MapProjection.Mollweide())[0]);
        Assert.Equal(["60°S", "30°S", "0°", "30°N", "60°N"], Words(MapProjection.Mollweide(longitude: 45))[1]);
        Assert.Equal(["150°W", "120°W", "120°E", "150°E", "180°"], Words(MapProjection.Orthographic(longitude: 180))[0].Where(word => word.StartsWith('1')));
        Assert.Contains("60°N", Words(MapProjection.Orthographic(latitude: 90))[0]);

        static string[][] Words(MapProjection map) => [.. Figures.SphereDensity(AtPole, projection: map, resolution: 20).Panels[0].Layers.OfType<Labels>().Select(labels => labels.Texts.ToArray())];
    }

    [Fact]
    public void A_label_stands_out_against_the_color_below_it()
    {
        var figure = Figures.SphereDensity(x => x.select(1, 1) * 2 - x.select(1, 2).square() * 20);        // bright on the equator at 90°E, dark at 90°W
        var colors = Json(figure).GetProperty("data").EnumerateArray().First(trace => trace.TryGetProperty("textfont", out var font) && font.GetProperty("color").ValueKind == System.Text.Json.JsonValueKind.Array).GetProperty("textfont").GetProperty("color");
        Assert.Equal("#ffffff", colors[0].GetString());
        Assert.Equal("#000000", colors[4].GetString());
    }

    [Fact]
    public void Maps_in_a_row_share_their_colors_and_one_color_bar()
    {
        Figure one = Figures.SphereDensity(AtPole, resolution: 20), other = Figures.SphereDensity(x => AtPole(x) + 1, resolution: 20), both = Figure.Row("", one, other);
        Assert.Equal([false, true], FigureLayout.Of(both).Boxes.Select(box => box.HasColorBar));
        Assert.Equal([true, true], FigureLayout.Of(both with { ShareColors = false }).Boxes.Select(box => box.HasColorBar));
        Assert.Equal(both.Panels[1].HeatMaps.Single().ValueRange, both.ColorsOf(both.Panels[0].HeatMaps.Single()));
    }

    [Fact]
    public void Points_on_the_far_side_are_not_drawn_and_the_others_keep_their_values()
    {
        var x = tensor(new double[,] { { -1, 0, 0 }, { 1, 0, 0 }, { 0, -1, 0 }, { 0.6, 0.8, 0 } });
        var dots = Assert.Single(Figures.SpherePoints(x, projection: MapProjection.Orthographic(), values: arange(4)).Panels[0].Layers.OfType<Points>());
        Assert.Equal([0, -1, 0.8], dots.X.Select(value => Math.Round(value, 12)));
        Assert.Equal([1, 2, 3], dots.Values);
        Assert.Equal(4, Figures.SpherePoints(x).Panels[0].Layers.OfType<Points>().Single().X.Count);
        Assert.Equal(["a1", "a0"], Figures.SpherePoints(x, projection: MapProjection.Orthographic(-90), labels: tensor(new long[] { 0, 0, 1, 0 })).Panels[0].Layers.OfType<Points>().Single().Groups!.Distinct().Select(group => "a" + group).OrderDescending());
    }

    [Fact]
    public void Weighted_draws_stand_among_lines_that_hold_the_masses_they_say()
    {
        var figure = Figures.SphereDensity(AtPole, projection: MapProjection.Orthographic(30, 60), samples: tensor(new[,] { { 0f, 0, 1 }, { 0, 0, -1 } }), weights: tensor(new[] { 2f, 3 }), resolution: 400, dtype: ScalarType.Float64);
        Assert.Equal([2], figure.Panels[0].Layers.OfType<Points>().Single().Values);
        var lines = figure.Panels[0].Layers.OfType<Contours>().Single();
        double[] masses = [.. lines.Levels.Select(level => (Math.Exp(Kappa) - level) / (Math.Exp(Kappa) - Math.Exp(-Kappa)))];        // of the cap where exp(kappa z) is larger
        Assert.Equal([0.5, 0.9, 0.99], masses.Select(mass => Math.Round(mass, 2)));
    }

    [Fact]
    public void What_does_not_fit_the_sphere_is_refused_by_name()
    {
        Assert.Contains("(3, 2)", Assert.Throws<ArgumentException>("points", () => Figures.SpherePoints(zeros(3, 2))).Message);
        Assert.Contains("row 1 has the length 2", Assert.Throws<ArgumentException>("samples", () => Figures.SphereDensity(AtPole, samples: tensor(new[,] { { 1f, 0, 0 }, { 0, 2, 0 } }))).Message);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>("points", () => Figures.SpherePoints(full(1, 3, float.NaN))).Message);
        Assert.Contains("empty", Assert.Throws<ArgumentException>("points", () => Figures.SpherePoints(zeros(0, 3))).Message);
        Assert.Throws<ArgumentException>("weights", () => Figures.SphereDensity(AtPole, weights: ones(2)));
        Assert.Throws<ArgumentException>("weights", () => Figures.SphereDensity(AtPole, samples: eye(3), weights: ones(2)));
        Assert.Throws<ArgumentException>("values", () => Figures.SpherePoints(eye(3), labels: ones(3), values: ones(3)));
        Assert.Contains("(B, 3) to (B)", Assert.Throws<ArgumentException>("logProb", () => Figures.SphereDensity(x => x, resolution: 4)).Message);
        Assert.Contains("(B, 4) to (B)", Assert.Throws<ArgumentException>("logProb", () => Figures.SphereSlices(x => x, resolution: 4)).Message);
        Assert.Throws<ArgumentNullException>("logProb", () => Figures.SphereDensity(null!));
        Assert.Throws<ArgumentOutOfRangeException>("resolution", () => Figures.SphereDensity(AtPole, resolution: 1));
        Assert.Throws<ArgumentOutOfRangeException>("frames", () => Figures.RotatingSphere(AtPole, frames: 1));
        Assert.Contains("[0, 1]", Assert.Throws<ArgumentException>("heights", () => Figures.SphereSlices(AtPole, heights: [0, 1])).Message);
        Assert.Throws<ArgumentException>("heights", () => Figures.SphereSlices(AtPole, heights: []));
    }

    [Fact]
    public void A_turning_sphere_has_one_color_scale_and_its_still_fits_a_screen()
    {
        var animation = Figures.RotatingSphere(x => x.select(1, 0) * Kappa, frames: 8, resolution: 60);
        Assert.Equal("longitude 45°", animation.Frames[1].Label);
        var colors = Assert.Single(animation.Frames.Select(frame => frame.Figure.Panels[0].HeatMaps.Single().Colors).Distinct());
        Assert.Equal(Math.Exp(Kappa), colors!.Value.High, Math.Exp(Kappa) / 50);
        var still = FigureLayout.Of(animation.Still);
        Assert.Equal((8, 4), (still.Boxes.Count, still.Figure.Columns));
        Assert.Equal(1, still.Boxes.Count(box => box.HasColorBar));
        Assert.InRange(still.Width, 600, 1000);
        Assert.InRange(ChartHtml.Of(PlotlyFrames.Json(animation), "").Length, 10_000, 120_000);
    }

    [Fact]
    public void Slices_of_the_three_sphere_show_the_density_at_their_points()
    {
        var figure = Figures.SphereSlices(x => x.select(1, 0) * 2 + x.select(1, 1) * 3, heights: [-0.6, 0.28], resolution: 200, dtype: ScalarType.Float64);
        Assert.Equal(["x₀ = −0.6", "x₀ = 0.28"], figure.Panels.Select(panel => panel.Title));
        foreach (var (panel, height) in figure.Panels.Zip([-0.6, 0.28]))
            Assert.Equal(2 * height + 3 * Math.Sqrt(1 - height * height), Math.Log(panel.HeatMaps.Single().ValueAt(0, 0)), 2e-3);        // in the middle: (1, 0, 0) on the slice's sphere
    }

    [Fact]
    public void Densities_too_large_for_a_number_are_shown_beside_the_largest_of_all_maps()
    {
        Tensor LogProb(Tensor x) => x.select(1, 0) * 2 + 5000;
        var maps = Figures.SphereSlices(LogProb, heights: [0, 0.5], resolution: 20, dtype: ScalarType.Float64).Panels.Select(panel => panel.HeatMaps.Single()).ToArray();
        Assert.Equal((Math.Exp(-1), 1), (maps[0].ValueAt(0, 0), maps[1].ValueAt(0, 0)), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-9);
        Assert.True(double.IsNaN(maps[0].ValueAt(-1.95, 0.95)));
        var one = Figures.SphereDensity(x => AtPole(x) + 5000, dtype: ScalarType.Float64).Panels[0].HeatMaps.Single();
        Assert.Equal(1, one.Values.Cast<double>().Where(value => !double.IsNaN(value)).Max());
        Assert.Equal(Math.Exp(690), Figures.SphereDensity(x => x.select(1, 0) * 0 + 690, dtype: ScalarType.Float64).Panels[0].HeatMaps.Single().ValueAt(0, 0), Math.Exp(660));
    }

    [Fact]
    public void Maps_leave_no_tensor()
    {
        using var scope = NewDisposeScope();
        var samples = eye(3);
        long before = scope.DisposablesCount;
        Figures.SphereDensity(AtPole, samples: samples, resolution: 50);
        Figures.SphereSlices(AtPole, resolution: 20);
        Assert.Equal(before, scope.DisposablesCount);
    }

    [Fact]
    public void A_map_of_200_rows_takes_less_than_100_KB() =>
        Assert.InRange(ChartHtml.Of(PlotlyRenderer.Json(Figures.SphereDensity(FourModes)), "").Length, 20_000, 100_000);
}
