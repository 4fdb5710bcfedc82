using System.Text.Json;
using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Interactive.Frames;
using FlowKit.Interactive.Pairs;
using FlowKit.Interactive.Rendering;
using FlowKit.Models;
using Microsoft.Data.Analysis;
using SkiaSharp;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

public class PairsTests
{
    private static Tensor Draws(int rows, int columns)
    {
        manual_seed(1);
        return randn(rows, columns);
    }

    private static T Layer<T>(Figure figure, int row, int column, string name = "") where T : Layer =>
        Assert.Single(figure.Panels[row * figure.Columns + column].Layers.OfType<T>(), layer => layer.Name == name);

    [Fact]
    public void Marginals_are_on_the_diagonal_pairs_below_it_and_nothing_above_it()
    {
        var figure = Figures.Pairs(Draws(100, 3));
        Assert.Equal((9, 3), (figure.Panels.Count, figure.Columns));
        for (int row = 0; row < 3; row++)
            for (int column = 0; column < 3; column++)
                Assert.Equal(column > row ? [] : column == row ? [typeof(Bars)] : [typeof(Points)], figure.Panels[row * 3 + column].Layers.Select(layer => layer.GetType()));
    }

    [Fact]
    public void A_pair_has_its_first_column_along_x_and_its_second_along_y()
    {
        var points = Layer<Points>(Figures.Pairs(tensor(new double[,] { { 1, 10, 100 }, { 2, 30, 50 } })), row: 2, column: 1);
        Assert.Equal([10, 30], points.X);
        Assert.Equal([100, 50], points.Y);
    }

    [Fact]
    public void Names_and_ticks_stand_once_at_the_left_and_the_bottom()
    {
        var figure = Figures.Pairs(Draws(100, 3), ["a", "b", "c"]);
        Assert.Equal(["", "", "", "b", "", "", "c", "", ""], figure.Panels.Select(panel => panel.YLabel));
        Assert.Equal(["", "", "", "", "", "", "a", "b", "c"], figure.Panels.Select(panel => panel.XLabel));
        Assert.Equal([3, 6], Enumerable.Range(0, 9).Where(i => figure.Panels[i] is { HasYTicks: true, IsBlank: false }));
        Assert.Equal([6, 7, 8], Enumerable.Range(0, 9).Where(i => figure.Panels[i] is { HasXTicks: true, IsBlank: false }));
        Assert.Equal(["x1", "x2"], Figures.Pairs(Draws(9, 2)).Panels.Skip(2).Select(panel => panel.XLabel));
    }

    [Theory, InlineData(2), InlineData(3), InlineData(5), InlineData(8)]
    public void Panels_are_squares_in_line_and_the_picture_fits_a_page(int columns)
    {
        var figure = Figures.Pairs(Draws(500, columns) * 1e5, model: new StandardNormal(columns), title: "title");
        var at = FigureLayout.Of(figure);
        Assert.InRange(at.Height, 500, 900);
        Assert.InRange(at.Width, 500, 920);
        Assert.All(at.Boxes, box => Assert.Equal(box.DataWidth, box.DataHeight));
        for (int i = 0; i < at.Boxes.Count; i++)
            Assert.Equal((at.Boxes[i % columns].DataLeft, at.Boxes[i / columns * columns].DataTop), (at.Boxes[i].DataLeft, at.Boxes[i].DataTop));

        using var bitmap = Pictures.Decode(figure);
        Assert.Equal((at.Width, at.Height), (bitmap.Width, bitmap.Height));
        Assert.All(Enumerable.Range(0, bitmap.Height), y => Assert.Equal((SKColors.White, SKColors.White), (bitmap.GetPixel(0, y), bitmap.GetPixel(bitmap.Width - 1, y))));
    }

    [Fact]
    public void A_marginal_is_the_density_of_its_column()
    {
        var bars = Layer<Bars>(Figures.Pairs(stack([linspace(0, 10, 1001), linspace(5, 6, 1001)], 1)), 0, 0);
        Assert.All(bars.Heights, height => Assert.Equal(0.1, height, 3e-3));
        Assert.Equal(1, bars.Heights.Select((height, i) => height * (bars.Edges[i + 1] - bars.Edges[i])).Sum(), 1e-9);
    }

    [Fact]
    public void Integers_have_a_bar_each()
    {
        var bars = Layer<Bars>(Figures.Pairs(tensor(new double[,] { { 0, 7 }, { 1, 7 }, { 1, 7 }, { 3, 7 } })), 0, 0);
        Assert.Equal([-0.5, 0.5, 1.5, 2.5, 3.5], bars.Edges);
        Assert.Equal([0.25, 0.5, 0, 0.25], bars.Heights);
    }

    [Fact]
    public void A_model_has_curves_on_the_diagonal_and_regions_below_it()
    {
        var figure = Figures.Pairs(Draws(3000, 2), model: new StandardNormal(2));
        var curve = Layer<Curve>(figure, 1, 1, "model");
        Assert.All(curve.X.Zip(curve.Y), point => Assert.Equal(Math.Exp(-point.First * point.First / 2) / Math.Sqrt(2 * Math.PI), point.Second, 0.02));

        var regions = Layer<Contours>(figure, 1, 0, "model");
        double[] radii = Radii(regions);
        Assert.Equal(Math.Sqrt(-2 * Math.Log(0.5)), radii[0], 0.05);      // half of the mass is within this radius
        Assert.Equal(Math.Sqrt(-2 * Math.Log(0.1)), radii[1], 0.07);
        Layer<Contours>(figure, 1, 0, "data");
    }

    [Fact]
    public void Few_rows_are_points_and_many_rows_are_points_and_regions()
    {
        Assert.Empty(Figures.Pairs(Draws(2000, 2)).Panels[2].Layers.OfType<Contours>());
        var many = Figures.Pairs(Draws(300_000, 2));
        Assert.Equal((2000, 300_000L), (Layer<Points>(many, 1, 0).X.Count, Layer<Points>(many, 1, 0).OutOf));
        Layer<Contours>(many, 1, 0);
        Assert.Equal(571, Layer<Points>(Figures.Pairs(Draws(2000, 8)), 1, 0).X.Count);
    }

    [Fact]
    public void Axes_are_common_to_a_column_and_to_a_row()
    {
        var figure = Figures.Pairs(Draws(200, 3), model: new StandardNormal(3));
        for (int row = 0; row < 3; row++)
            for (int column = 0; column < row; column++)
            {
                Assert.Equal(figure.Panels[4 * column].XRange, figure.Panels[3 * row + column].XRange);
                Assert.Equal(figure.Panels[4 * row].XRange, figure.Panels[3 * row + column].YRange);
            }
    }

    [Fact]
    public void A_few_distant_values_do_not_squeeze_the_others_and_a_distant_model_does_not_squeeze_the_data()
    {
        double[] data = [.. Enumerable.Range(0, 1000).Select(i => i / 999.0), 1e6], far = [.. Enumerable.Range(0, 1000).Select(i => 1e6 + i)];
        Assert.InRange(new AxisRange(data, null).Shown.High, 1.9, 2.2);
        Assert.InRange(new AxisRange(data[..^1], far).Shown.High, 1.9, 2.2);
        Assert.InRange(new AxisRange(data[..^1], [.. data[..^1].Select(value => value * 1.5)]).Shown.High, 1.5, 1.6);
        var bars = new AxisRange(data, null).Bars(20);
        Assert.Equal(1000 / 1001.0, bars.Heights.Select((height, i) => height * (bars.Edges[i + 1] - bars.Edges[i])).Sum(), 1e-9);
    }

    [Fact]
    public void Regions_hold_their_part_of_all_draws_also_where_the_axes_end_before_the_model()
    {
        manual_seed(1);
        var regions = Layer<Contours>(Figures.Pairs(rand(1000, 2) * 2 - 1, model: new MultivariateNormal(zeros(2), eye(2) * 4)), 1, 0, "model");
        Assert.Equal(2 * Math.Sqrt(-2 * Math.Log(0.5)), Assert.Single(Radii(regions)), 0.1);      // the region of 90 % would not fit
    }

    [Fact]
    public void A_model_that_is_nowhere_near_leaves_no_region_and_still_makes_a_picture()
    {
        var figure = Figures.Pairs(Draws(100, 2) + 1000, model: new StandardNormal(2));
        Assert.Empty(figure.Panels[2].Layers.OfType<Contours>());
        Assert.NotEmpty(figure.ToPng());
    }

    [Fact]
    public void Smooth_histograms_lose_no_mass_inside_and_count_what_is_outside()
    {
        double[] x = [.. Enumerable.Range(0, 1000).Select(i => i / 1000.0)];
        var (at, density) = SmoothHistogram.Of(x, (-1, 2), 120);
        Assert.Equal(1, density.Sum() * (at[1] - at[0]), 1e-9);
        Assert.Equal(0.5, SmoothHistogram.Of(x, x, (-1, 0.5), (-1, 2), 60).Mass, 0.03);       // the kernel carries a little over the edge
    }

    [Fact]
    public void Rows_that_are_not_finite_are_left_out_and_counted_in_the_legend()
    {
        var samples = Draws(20, 2);
        samples[3, 0] = float.NaN;
        Assert.Equal(19, Layer<Points>(Figures.Pairs(samples), 1, 0, "data (1 non-finite row left out)").X.Count);
        samples[4, 1] = float.PositiveInfinity;
        Assert.Equal(18, Layer<Points>(Figures.Pairs(samples, model: new StandardNormal(2)), 1, 0, "data (2 non-finite rows left out)").X.Count);
        Assert.Contains("none in 4", Assert.Throws<ArgumentException>("samples", () => Figures.Pairs(full(4, 2, float.NaN))).Message);
    }

    [Theory, InlineData(0), InlineData(1e6), InlineData(0.1), InlineData(-1e-20)]
    public void A_constant_column_still_makes_a_picture(double value)
    {
        using var samples = stack([full(10, value, float64), Draws(10, 1).flatten().to(float64)], 1);
        Assert.NotEmpty(Figures.Pairs(samples, model: new StandardNormal(2)).ToPng());
        Assert.NotEmpty(Figures.Pairs(samples[..1]).ToPng());
    }

    [Fact]
    public void Too_many_columns_and_too_few_are_refused()
    {
        string message = Assert.Throws<ArgumentException>("samples", () => Figures.Pairs(zeros(5, 9))).Message;
        Assert.Contains("at most 8 columns; there were 9", message);
        Assert.Contains("samples[.., ..8]", message);
        Assert.NotEmpty(Figures.Pairs(zeros(5, 9)[.., ..8]).Panels);
        foreach (var samples in new[] { zeros(5, 1), zeros(5), zeros(5, 2, 2) }) Assert.Contains("(N, D), D >= 2", Assert.Throws<ArgumentException>("samples", () => Figures.Pairs(samples)).Message);
        Assert.Throws<ArgumentException>("samples", () => Figures.Pairs(zeros(0, 2)));
        Assert.Contains("2 columns and 1 names", Assert.Throws<ArgumentException>("names", () => Figures.Pairs(zeros(5, 2), ["a"])).Message);
    }

    [Fact]
    public void A_model_of_other_events_or_with_a_context_is_refused()
    {
        Assert.Contains("its events were (3)", Assert.Throws<ArgumentException>("model", () => Figures.Pairs(zeros(5, 2), model: new StandardNormal(3))).Message);
        Assert.Contains("its events were (1, 2)", Assert.Throws<ArgumentException>("model", () => Figures.Pairs(zeros(5, 2), model: new StandardNormal(1, 2))).Message);
        Assert.Contains("its context (4)", Assert.Throws<ArgumentException>("model", () => Figures.Pairs(zeros(5, 2), model: RealNvp.Create(features: 2, layers: 2, contextShape: 4))).Message);
    }

    [Fact]
    public void A_frame_shows_the_columns_that_are_named_in_their_order()
    {
        var frame = DataFrame.LoadCsvFromString("height,weight,sport\n1.81,77.5,rowing\n1.68,58,sprint\n");
        var figure = Figures.Pairs(frame, ["weight", "height"]);
        Assert.Equal(["weight", "height"], figure.Panels.Skip(2).Select(panel => panel.XLabel));
        Assert.Equal([77.5, 58], Layer<Points>(figure, 1, 0).X);
        Assert.Contains("\"sport\" (String)", Assert.Throws<ArgumentException>("columns", () => Figures.Pairs(frame)).Message);
        frame.Columns.Remove("sport");
        Assert.Equal(["height", "weight"], Figures.Pairs(frame).Panels.Skip(2).Select(panel => panel.XLabel));
    }

    [Fact]
    public void An_untrained_flow_is_drawn_over_the_moons()
    {
        manual_seed(1);
        var flow = RealNvp.Create(features: 2, layers: 2);
        var figure = Figures.Pairs(new TwoMoons().Sample(2_000), ["left", "up"], model: flow);
        Assert.Equal(2, Layer<Contours>(figure, 1, 0, "model").Levels.Count);
    }

    [Fact]
    public void The_interactive_picture_links_its_axes_and_has_one_legend_that_hides_a_name_everywhere()
    {
        var json = Pictures.Json(Figures.Pairs(Draws(100, 3), ["a", "b", "c"], model: new StandardNormal(3)));
        var layout = json.GetProperty("layout");
        Assert.Equal("x7", layout.GetProperty("xaxis").GetProperty("matches").GetString());
        Assert.Equal("y7", layout.GetProperty("yaxis8").GetProperty("matches").GetString());
        Assert.False(layout.GetProperty("yaxis9").TryGetProperty("matches", out _));       // the diagonal's densities
        Assert.False(layout.TryGetProperty("xaxis2", out _));                              // a blank panel
        Assert.Equal([false, true], new[] { "xaxis", "xaxis7" }.Select(axis => layout.GetProperty(axis).GetProperty("showticklabels").GetBoolean()));

        JsonElement[] traces = [.. json.GetProperty("data").EnumerateArray()];
        Assert.Equal(["data", "model"], traces.Where(trace => trace.GetProperty("showlegend").GetBoolean()).Select(trace => trace.GetProperty("name").GetString()));
        Assert.All(traces, trace => Assert.Equal(trace.GetProperty("name").GetString(), trace.GetProperty("legendgroup").GetString()));
        Assert.Equal(12, traces.Length);
    }

    [Fact]
    public void The_static_picture_shows_data_and_model_in_their_colors_in_every_panel_and_nothing_above_the_diagonal()
    {
        var figure = Figures.Pairs(Draws(1000, 3), model: new StandardNormal(3));
        using var bitmap = Pictures.Decode(figure);
        var boxes = FigureLayout.Of(figure).Boxes;
        for (int i = 0; i < 9; i++)
        {
            SKColor[] inside = [.. from y in Enumerable.Range(4, (int)boxes[i].DataHeight - 8) from x in Enumerable.Range(4, (int)boxes[i].DataWidth - 8) select bitmap.GetPixel((int)boxes[i].DataLeft + x, (int)boxes[i].DataTop + y)];
            if (i == 1) continue;      // the legend
            Assert.Equal(i is not (2 or 5), inside.Any(pixel => Pictures.Near(pixel, new SKColor(0xd5, 0x5e, 0x00), 40)));
            Assert.Equal(i is not (2 or 5), inside.Any(pixel => pixel.Blue > pixel.Red + 60));
        }
    }

    [Theory, InlineData(-9, 9, 92), InlineData(-9000, 15000, 92), InlineData(0, 1e-7, 240), InlineData(1e6, 1e6 + 1, 92), InlineData(-0.4, 1.4, 92)]
    public void A_short_axis_has_at_least_two_ticks(double low, double high, float length)
    {
        foreach (bool upright in new[] { true, false })
        {
            var ticks = AxisTicks.Close((low, high), length, upright);
            Assert.InRange(ticks.Length, 2, (int)length / 20);
            Assert.All(ticks, tick => Assert.InRange(tick, low, high));
        }
    }

    [Fact]
    public void Names_too_long_for_their_panel_are_cut()
    {
        string name = string.Concat(Enumerable.Repeat("long ", 30));
        string label = Figures.Pairs(Draws(9, 8), [name, .. ColumnTable.Names([], 7, "names")]).Panels[56].XLabel;
        Assert.EndsWith("…", label);
        Assert.InRange(EmbeddedFont.Measure(label, EmbeddedFont.SmallestSize), 60, 92);
    }

    private static double[] Radii(Contours regions) =>
        [.. regions.Levels.Select(level => MarchingSquares.Lines(regions.X, regions.Y, regions.Values, level).MaxBy(line => line.X.Length))
            .Select(line => line.X.Zip(line.Y, (x, y) => Math.Sqrt(x * x + y * y)).Average())];
}
