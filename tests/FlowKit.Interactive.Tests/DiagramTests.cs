using FlowKit.Interactive.Rendering;
using FlowKit.Measures;
using FlowKit.Training;
using FlowKit.Transforms;
using SkiaSharp;
using static FlowKit.Interactive.Tests.Pictures;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

public class DiagramTests
{
    private static readonly Boxes Two = new([0, 3], [0, 0], [2, 2], [2, 2]) { Fills = ["#d6e6f4", "#882255"], Texts = ["one\ntwo", "dark"], TextSize = 14 };

    [Fact]
    public void A_box_is_filled_where_it_lies_and_nowhere_else()
    {
        var figure = Of(Two);
        using var bitmap = Decode(figure);
        Assert.True(Near(At(figure, bitmap, -0.8, 0.8), SKColor.Parse("#d6e6f4")));
        Assert.True(Near(At(figure, bitmap, 3.8, -0.8), SKColor.Parse("#882255")));
        Assert.Equal(SKColors.White, At(figure, bitmap, 1.4, 0.3));
    }

    [Fact]
    public void A_text_is_black_on_a_light_box_and_white_on_a_dark_one()
    {
        Assert.Equal(["#000000", "#ffffff"], new[] { 0, 1 }.Select(Two.TextColorOf));
        var color = Trace(Of(Two), 2).GetProperty("textfont").GetProperty("color");
        Assert.Equal(["#000000", "#ffffff"], color.EnumerateArray().Select(item => item.GetString()));
    }

    [Fact]
    public void The_boxes_of_one_color_are_one_trace_and_their_texts_another()
    {
        var boxes = new Boxes([0, 2, 4], [0, 0, 0], [1, 1, 1], [1, 1, 1]) { Fills = ["#d6e6f4", "#ffffff", "#d6e6f4"], Texts = ["a\nb", "", "<"] };
        var data = Json(Of(boxes)).GetProperty("data");
        Assert.Equal(3, data.GetArrayLength());
        Assert.Equal("toself", data[0].GetProperty("fill").GetString());
        Assert.Equal(12, data[0].GetProperty("x").GetArrayLength());
        Assert.Equal(["a<br>b", "&lt;"], data[2].GetProperty("text").EnumerateArray().Select(text => text.GetString()));
    }

    [Fact]
    public void Boxes_without_a_size_or_with_too_few_texts_are_refused()
    {
        Assert.Contains("one was 0", Assert.Throws<ArgumentException>("width", () => new Boxes([0], [0], [0], [1])).Message);
        Assert.Throws<ArgumentException>("height", () => new Boxes([0], [0], [1], [1, 2]));
        Assert.Throws<ArgumentException>("Texts", () => new Boxes([0], [0], [1], [1]) { Texts = [] });
    }

    [Fact]
    public void Heads_of_a_length_do_not_grow_with_their_arrows()
    {
        var arrows = new Arrows([0, 0], [0, 0], [10, 0], [0, 100]) { Head = 2 };
        double[] heads = [.. arrows.Lines.Select(line => Math.Sqrt(Math.Pow(line.X[1] - line.X[2], 2) + Math.Pow(line.Y[1] - line.Y[2], 2)))];
        Assert.Equal(heads[0], heads[1], 1e-9);
        Assert.InRange(heads[0], 2, 2.5);
        Assert.Throws<ArgumentException>("Head", () => arrows with { Head = -1 });
    }

    private static Diagram Chain() => new Diagram("chain").Box("a", 0, 0).Box("b", 1, 0, "a longer text\nof two lines").Box("c", 2, 0).Arrow("a", "b").Arrow("b", "c", "a label");

    private static T Layer<T>(Diagram diagram, int index = 0) => diagram.ToFigure().Panels[0].Layers.OfType<T>().ElementAt(index);

    [Fact]
    public void An_arrow_leads_from_the_border_of_one_box_to_that_of_the_next()
    {
        var boxes = Layer<Boxes>(Chain());
        var arrows = Layer<Arrows>(Chain(), 1);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(boxes.X[i] + boxes.Width[i] / 2 + 2, arrows.X[i], 1e-9);
            Assert.Equal(boxes.X[i + 1] - boxes.Width[i + 1] / 2 - 2, arrows.X[i] + arrows.U[i], 1e-9);
            Assert.Equal(0, arrows.V[i], 1e-9);
        }
    }

    [Fact]
    public void A_label_has_room_between_its_boxes() =>
        Assert.True(Layer<Arrows>(Chain(), 1).U[1] > EmbeddedFont.Measure("a label", EmbeddedFont.TickSize) + 10);

    [Fact]
    public void A_skip_passes_over_what_lies_between_and_a_second_one_over_the_first()
    {
        var diagram = Chain().Box("d", 3, 0).Skip("a", "c").Skip("a", "d", "over all").Skip("b", "d", below: true);
        var boxes = Layer<Boxes>(diagram);
        var lines = Layer<Arrows>(diagram);
        double top = boxes.Height.Max() / 2;
        double[] levels = [.. Enumerable.Range(0, 3).Select(i => lines.Y[2 * i + 1])];      // two plain segments a skip, the second along the row
        Assert.True(top < levels[0] && levels[0] < levels[1] && levels[2] < -top, string.Join(" ", levels));
        Assert.True(diagram.ToFigure().Panels[0].YRange.High > levels[1]);
    }

    [Fact]
    public void Rows_are_counted_from_the_top()
    {
        var boxes = Layer<Boxes>(new Diagram().Box("top", 0, 0).Box("bottom", 0, 1).Box("middle", 0, 0.5));
        Assert.True(boxes.Y[0] > boxes.Y[1]);
        Assert.Equal((boxes.Y[0] + boxes.Y[1]) / 2, boxes.Y[2], 1e-9);
    }

    [Fact]
    public void Boxes_of_one_name_and_arrows_to_none_are_refused()
    {
        Assert.Throws<ArgumentException>("name", () => Chain().Box("a", 5, 5));
        Assert.Contains("none named \"q\"", Assert.Throws<ArgumentException>("to", () => Chain().Arrow("a", "q")).Message);
        Assert.Throws<ArgumentException>("to", () => Chain().Skip("a", "a"));
        Assert.Throws<ArgumentException>("column", () => new Diagram().Box("a", -1, 0));
        Assert.Throws<ArgumentException>("row", () => new Diagram().Box("a", 0, double.NaN));
        Assert.Throws<ArgumentException>("column", () => new Diagram().Box("a", 1e9, 0));
        Assert.Throws<InvalidOperationException>(() => new Diagram().ToFigure());
    }

    [Fact]
    public void A_diagram_has_no_room_for_the_axes_that_it_lacks()
    {
        var box = FigureLayout.Of(Chain().ToFigure()).Boxes[0];
        Assert.Equal(box.Margin.Left, box.Margin.Right);
        Assert.True(box.Margin.Horizontal < 40);
    }

    [Fact]
    public void A_mask_is_dark_where_it_is_one_with_row_0_at_the_top()
    {
        var figure = Figures.Masks(("m", tensor(new[] { 0, 1, 0, 0 }).reshape(2, 2)), ("c", zeros(3, 2, 2)));
        var boxes = Assert.IsType<Boxes>(figure.Panels[0].Layers[0]);
        int dark = Assert.Single(Enumerable.Range(0, 4), i => boxes.FillOf(i) == Palette.At(0));
        Assert.Equal((1.5, 1.5), (boxes.X[dark], boxes.Y[dark]));
        Assert.Equal(12, Assert.IsType<Boxes>(figure.Panels[1].Layers[0]).X.Count);
        Assert.Equal(8, figure.Panels[1].XRange.Length, 0.2);      // three channels of two columns, two gaps
    }

    [Fact]
    public void A_squeeze_can_be_followed_by_its_numbers()
    {
        var (squeezed, _) = new Squeeze(channels: 1, height: 4, width: 4).Forward(arange(16, float32).reshape(1, 1, 4, 4));
        var boxes = Assert.IsType<Boxes>(Figures.Cells("", squeezed[0]).Panels[0].Layers[0]);
        Assert.Equal(squeezed.data<float>().ToArray().Select(value => $"{value}"), boxes.Texts!);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => $"{i}"), boxes.Texts!.OrderBy(int.Parse));
    }

    [Fact]
    public void Cells_of_a_group_have_one_color()
    {
        var boxes = Assert.IsType<Boxes>(Figures.Cells("", tensor(new[] { 10.0, 20, 30, 40 }).reshape(2, 2), groups: tensor(new[] { 1, 2, 2, 1 }).reshape(2, 2)).Panels[0].Layers[0]);
        Assert.Equal([0, 1, 1, 0], boxes.Fills!.Select(fill => fill == Palette.At(0) ? 0 : 1));
    }

    [Fact]
    public void Masks_of_other_numbers_or_shapes_are_refused()
    {
        Assert.Contains("\"half\"", Assert.Throws<ArgumentException>("masks", () => Figures.Masks(("half", full(2, 2, 0.5)))).Message);
        Assert.Throws<ArgumentException>("masks", () => Figures.Masks());
        Assert.Throws<ArgumentException>("masks", () => Figures.Masks(("", zeros(3))));
        Assert.Throws<ArgumentException>("groups", () => Figures.Cells("", zeros(2, 2), groups: zeros(4)));
        Assert.Throws<ArgumentException>("groups", () => Figures.Cells("", zeros(2, 2), groups: full(2, 2, -1)));
    }

    [Theory, InlineData(1), InlineData(3), InlineData(12)]
    public void Masks_of_images_fit_a_screen(int count)
    {
        var plan = FigureLayout.Of(Figures.Masks([.. Enumerable.Range(0, count).Select(i => ($"{i}", zeros(3, 16, 16)))]));
        Assert.InRange(plan.Width, 200, 1100);
        Assert.InRange(plan.Height, 60, 900);
    }

    [Fact]
    public void A_lattice_of_three_points_is_a_cube()
    {
        var panel = Figures.Hasse("", FiniteSet.All(3), (a, b) => a.IsSubsetOf(b), set => string.Concat(set), marked: set => set.Contains(0)).Panels[0];
        int[] lines = [.. panel.Layers.OfType<Curve>().Select(curve => curve.X.Count(double.IsNaN))];
        Assert.Equal([8, 4], lines);      // 12 edges, 4 of them among the sets that hold 0
        Assert.Equal([4, 4], panel.Layers.OfType<Points>().Select(points => points.X.Count));
        Assert.Equal([1, 3, 3, 1], panel.Layers.OfType<Labels>().Single().Y.GroupBy(y => y).OrderBy(row => row.Key).Select(row => row.Count()));
    }

    [Fact]
    public void What_is_no_order_has_no_diagram()
    {
        Assert.Contains("each did", Assert.Throws<ArgumentException>("below", () => Figures.Hasse("", [1, 2], (_, _) => true, i => $"{i}")).Message);
        Assert.Throws<ArgumentException>("elements", () => Figures.Hasse("", [1, 1], (a, b) => a <= b, i => $"{i}"));
        Assert.Throws<ArgumentException>("elements", () => Figures.Hasse<int>("", [], (a, b) => a <= b, i => $"{i}"));
    }

    private static readonly History Digits = new("digits", [new(10, 300), new(20, 64 * Math.Log(2) * 3), new(30, 64 * Math.Log(2) * 2)], [], TimeSpan.Zero, 30);

    [Fact]
    public void A_loss_is_shown_in_bits_per_dimension()
    {
        var panel = Figures.Loss(Digits, dimensions: 64).Panels[0];
        double[] shown = [.. Assert.IsType<Curve>(panel.Layers[0]).Y];
        Assert.Equal("bits/dim", panel.YLabel);
        Assert.Equal(3, shown[1], 1e-12);
        Assert.Equal(2, shown[2], 1e-12);
        Assert.Equal("loss", Figures.Loss(Digits).Panels[0].YLabel);
    }

    [Fact]
    public void A_line_near_the_curve_is_on_the_axis_and_one_far_off_only_named()
    {
        var panel = Figures.Loss(Digits, 64, ("near", 1.5), ("far", 40), ("low", -20)).Panels[0];
        Assert.InRange(panel.YRange.Low, 1, 1.5);
        Assert.InRange(panel.YRange.High, 3, 8);
        Assert.Equal(["near: 1.5", "far: 40 (above)", "low: -20 (below)"], panel.Layers.Skip(2).Select(layer => layer.Name));
        Assert.All(panel.Layers.OfType<Curve>().Where(curve => curve.Dashed), line => Assert.Equal((panel.XRange.Low, panel.XRange.High), (line.X[0], line.X[^1])));
    }

    [Fact]
    public void The_curve_keeps_a_third_of_an_axis_with_lines()
    {
        var curve = Figures.Loss(Digits, 64).Panels[0].YRange;
        double[] values = [.. Enumerable.Range(-50, 100).Select(i => i / 5.0)];
        var lined = Figures.Loss(Digits, 64, [.. values.Select(value => ($"{value}", value))]).Panels[0].YRange;
        Assert.InRange(lined.Length / curve.Length, 2, 3.3);
    }

    [Fact]
    public void A_training_of_no_steps_shows_its_lines()
    {
        Assert.NotEmpty(Figures.Loss(new("none", [], [], TimeSpan.Zero, 0), 64, ("truth", 2.5), ("baseline", 90)).ToPng());
        var panel = Figures.Loss(new("none", [], [new(0, 5)], TimeSpan.Zero, 0), lines: [("truth", 2.5)]).Panels[0];
        Assert.Contains("kept: step 0", panel.Layers.Select(layer => layer.Name));
        Assert.NotEmpty(new Figure("", [panel]).ToPng());
        Assert.Throws<ArgumentException>("lines", () => Figures.Loss(Digits, lines: [("", 1)]));
        Assert.Throws<ArgumentException>("lines", () => Figures.Loss(Digits, lines: [("a", double.NaN)]));
        Assert.Throws<ArgumentOutOfRangeException>("dimensions", () => Figures.Loss(Digits, dimensions: 0));
    }

    [Theory, InlineData(14, 12, 12, 70), InlineData(8, 10, 10, 64), InlineData(28, 10, 10, 84), InlineData(28, 100, 10, 84), InlineData(14, 40, 40, 14), InlineData(14, 200, 10, 28)]
    public void Images_are_large_enough_to_be_seen_unless_the_grid_outgrows_a_screen(int side, int count, int columns, int shown)
    {
        var grid = new ImageGrid([.. Enumerable.Range(0, count).Select(_ => new byte[side, side])], columns);
        Assert.Equal(shown, side * grid.Zoom);
        var plan = FigureLayout.Of(Of(grid));
        Assert.InRange(plan.Width, 1, 1040);
        Assert.InRange(plan.Height, 1, 900);
    }

    private static Animation Four(int panels = 1) => new("four", [.. Enumerable.Range(0, 12).Select(i =>
        ($"frame {i}", new Figure("", [.. Enumerable.Range(0, panels).Select(_ => new Panel($"at {i}", [new Points([i], [i])]))])))]);

    [Fact]
    public void An_animation_opens_on_its_last_frame_or_where_it_is_told()
    {
        Assert.Equal(11, Four().Start);
        var json = System.Text.Json.JsonDocument.Parse(PlotlyFrames.Json(Four() with { Start = 3 })).RootElement;
        Assert.Equal(3, json.GetProperty("layout").GetProperty("sliders")[0].GetProperty("active").GetInt32());
        Assert.Equal([3], Numbers(json.GetProperty("data")[0].GetProperty("x")));
        Assert.Throws<ArgumentOutOfRangeException>("Start", () => Four() with { Start = 12 });
    }

    [Fact]
    public void The_titles_of_panels_change_with_the_frame()
    {
        var frame = System.Text.Json.JsonDocument.Parse(PlotlyFrames.Json(Four())).RootElement.GetProperty("frames")[5];
        Assert.Contains("at 5", frame.GetProperty("layout").GetProperty("annotations").EnumerateArray().Select(title => title.GetProperty("text").GetString()));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_still_fits_a_screen_and_shows_the_frame_it_starts_with(int panels)
    {
        var still = (Four(panels) with { Start = 4 }).Still;
        var plan = FigureLayout.Of(still);
        Assert.InRange(plan.Width, 300, 1100);
        Assert.InRange(plan.Height, 100, 900);
        Assert.Contains(still.Panels, panel => panel.Title == "frame 4: at 4");
    }

    [Fact]
    public void A_still_of_wide_grids_of_images_is_no_wider_than_one_of_them()
    {
        var grid = Of(new ImageGrid([.. Enumerable.Range(0, 10).Select(_ => new byte[14, 14])], 10));
        var still = new Animation("", [.. Enumerable.Range(0, 9).Select(i => ($"T = {i}", grid))]).Still;
        Assert.InRange(FigureLayout.Of(still).Width, 700, 1000);
        Assert.InRange(FigureLayout.Of(still).Height, 300, 900);
    }
}
