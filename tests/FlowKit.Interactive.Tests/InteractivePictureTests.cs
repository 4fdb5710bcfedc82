using System.Text.Json;
using FlowKit.Interactive.Rendering;
using static FlowKit.Interactive.Tests.Pictures;

namespace FlowKit.Interactive.Tests;

public class InteractivePictureTests
{
    [Fact]
    public void Numbers_keep_five_digits()
    {
        var trace = Trace(Of(new Curve([1.23456789, 123456.789, 1e-20 / 3], [0, -0.000123456789, 2])));
        Assert.Equal([1.2346, 123460, 3.3333e-21], Numbers(trace.GetProperty("x")));
        Assert.Equal([0, -0.00012346, 2], Numbers(trace.GetProperty("y")));
    }

    [Fact]
    public void Numbers_far_from_zero_keep_what_tells_them_apart()
    {
        double[] x = [.. Enumerable.Range(0, 100).Select(i => 12345 + i / 128.0)];
        double[] shown = Numbers(Trace(Of(new Curve(x, x))).GetProperty("x"));
        Assert.All(x.Zip(shown), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void What_is_not_finite_is_a_gap()
    {
        var y = Trace(Of(new Curve([0, 1, 2], [1, double.NaN, double.PositiveInfinity]))).GetProperty("y");
        Assert.Equal([JsonValueKind.Number, JsonValueKind.Null, JsonValueKind.Null], y.EnumerateArray().Select(item => item.ValueKind));
    }

    [Fact]
    public void A_heat_map_carries_its_cells_and_color_range()
    {
        var trace = Trace(Of(new HeatMap([0, 1], [5, 6], new[,] { { 0.1, 0.2 }, { 0.3, 0.50009 } }) { Colors = (0, 1) }));
        Assert.Equal("heatmap", trace.GetProperty("type").GetString());
        Assert.Equal([0.1, 0.2], Numbers(trace.GetProperty("z")[0]));
        Assert.Equal([0.3, 0.5], Numbers(trace.GetProperty("z")[1]));
        Assert.Equal((0, 1), (trace.GetProperty("zmin").GetDouble(), trace.GetProperty("zmax").GetDouble()));
    }

    [Fact]
    public void Every_group_is_a_trace_in_order()
    {
        var data = Json(Of(new Points([1, 2, 3, 4], [1, 2, 3, 4]) { Groups = ["10", "2", "10", "x"] })).GetProperty("data");
        Assert.Equal(["2", "10", "x"], data.EnumerateArray().Select(trace => trace.GetProperty("name").GetString()));
        Assert.Equal([1, 3], Numbers(data[1].GetProperty("x")));
    }

    [Fact]
    public void Bars_carry_centers_widths_and_heights()
    {
        var trace = Trace(Of(new Bars([0, 1, 3], [4, 5])));
        Assert.Equal([0.5, 2], Numbers(trace.GetProperty("x")));
        Assert.Equal([1, 2], Numbers(trace.GetProperty("width")));
        Assert.Equal([4, 5], Numbers(trace.GetProperty("y")));
    }

    [Fact]
    public void Labels_are_plain_text_at_their_points()
    {
        var trace = Trace(Of(new Labels([0, 1], [5, 6], ["{0, 1}", "a < b"])));
        Assert.Equal("text", trace.GetProperty("mode").GetString());
        Assert.Equal([5, 6], Numbers(trace.GetProperty("y")));
        Assert.Equal(["{0, 1}", "a &lt; b"], trace.GetProperty("text").EnumerateArray().Select(text => text.GetString()));
        Assert.Throws<ArgumentException>("texts", () => new Labels([0, 1], [5, 6], ["one"]));
    }

    [Fact]
    public void A_diagram_has_no_axes()
    {
        var panel = new Panel("", [new Labels([0, 1], [0, 1], ["a", "b"])]);
        Figure with = new("", [panel]), without = new("", [panel with { HasAxes = false }]);
        Assert.True(Json(with).GetProperty("layout").GetProperty("yaxis").GetProperty("visible").GetBoolean());
        Assert.False(Json(without).GetProperty("layout").GetProperty("yaxis").GetProperty("visible").GetBoolean());
        Assert.True(Dark(without) < Dark(with) / 4);

        static int Dark(Figure figure)
        {
            using var bitmap = Decode(figure);
            return bitmap.Pixels.Count(pixel => pixel.Red < 128);
        }
    }

    [Fact]
    public void Panels_have_their_own_axes_side_by_side()
    {
        var figure = Figure.Row("both", Of(new Points([0], [0])), Of(new Points([1], [1])));
        var layout = Json(figure).GetProperty("layout");
        double[] left = Numbers(layout.GetProperty("xaxis").GetProperty("domain")), right = Numbers(layout.GetProperty("xaxis2").GetProperty("domain"));
        Assert.True(0 < left[0] && left[1] < right[0] && right[1] < 1);
        Assert.Equal("x2", Trace(figure, 1).GetProperty("xaxis").GetString());
        Assert.Equal("both", layout.GetProperty("annotations")[0].GetProperty("text").GetString());
    }

    [Fact]
    public void Only_panels_with_a_legend_ask_for_one()
    {
        var json = Json(Figure.Row("", Of(new Curve([0], [0]) { Name = "a" }, new Curve([0], [0]) { Name = "b" }), Of(new Curve([0], [0]))));
        Assert.True(json.GetProperty("layout").GetProperty("showlegend").GetBoolean());
        Assert.All(json.GetProperty("data").EnumerateArray(), trace => Assert.False(trace.TryGetProperty("legend", out _)));
    }

    [Fact]
    public void A_title_is_text_and_not_markup() =>
        Assert.Equal("p &lt; q", Json(new Figure("p < q", [new Panel("", [])])).GetProperty("layout").GetProperty("annotations")[0].GetProperty("text").GetString());

    [Fact]
    public void Images_travel_as_one_picture() => Assert.StartsWith("data:image/png;base64,",
        Trace(Of(new ImageGrid([new byte[28, 28]], 1))).GetProperty("source").GetString());

    [Theory, InlineData(200), InlineData(500)]
    public void A_heat_map_keeps_200_cells_a_side_and_packs_into_100_KB(int side)
    {
        double[] centers = [.. Enumerable.Range(0, side).Select(i => i * 8.0 / side - 4)];
        double[,] values = new double[side, side];
        for (int i = 0; i < values.Length; i++) values[i / side, i % side] = Math.Exp(-(Math.Pow(centers[i / side], 2) + Math.Pow(centers[i % side], 2)) / 4) / (4 * Math.PI);
        var figure = Of(new HeatMap(centers, centers, values));
        Assert.InRange(Trace(figure).GetProperty("x").GetArrayLength(), 160, 200);
        Assert.InRange(ChartHtml.Of(PlotlyRenderer.Json(figure), "").Length, 10_000, 100_000);
    }

    [Theory, InlineData(1e-9), InlineData(0.07), InlineData(3), InlineData(2e7)]
    public void Cells_keep_more_steps_than_there_are_colors(double largest)
    {
        var z = Trace(Of(new HeatMap([0, 1], [0, 1], new[,] { { largest, largest * 0.51234 }, { largest / 300, 0 } }))).GetProperty("z");
        Assert.Equal(largest * 0.51234, z[0][1].GetDouble(), largest / 400);
        Assert.Equal(largest / 300, z[1][0].GetDouble(), largest / 400);
    }

    [Fact]
    public void Coarser_cells_are_means_of_finer_ones()
    {
        var coarse = DownsampledMap.Of(new HeatMap([0, 1, 2], [0, 1], new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }), cells: 2);
        Assert.Equal([0.5, 2], coarse.X);
        Assert.Equal(new[,] { { 3, 4.5 } }, coarse.Values);
    }

    [Fact]
    public void A_coarser_cell_leaves_out_what_is_blank_and_is_blank_where_most_of_it_is()
    {
        double nan = double.NaN;
        var coarse = DownsampledMap.Of(new HeatMap([0, 1, 2, 3], [0, 1], new[,] { { 1, 3, nan, nan }, { nan, 5, nan, 4 } }), cells: 2);
        Assert.Equal(new[,] { { 3, nan } }, coarse.Values);
    }

    [Fact]
    public void Large_values_have_no_more_digits_than_small_ones()
    {
        var z = Trace(Of(new HeatMap([0, 1], [0, 1], new[,] { { 22_026.4, 12_345.6 }, { 17, 0 } }))).GetProperty("z");
        Assert.Equal([22_020, 12_340], Numbers(z[0]));
        Assert.Equal([20, 0], Numbers(z[1]));
    }
}
