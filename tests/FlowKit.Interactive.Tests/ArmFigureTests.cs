using static FlowKit.Interactive.Tests.Pictures;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

public class ArmFigureTests
{
    [Fact]
    public void An_arm_is_a_line_from_its_base_to_its_end()
    {
        var joints = tensor(new double[,,] { { { 0, 0 }, { 1, 0 }, { 1, 1 } }, { { 0, 1 }, { 0, 2 }, { 1, 2 } } });
        var layers = Figures.Arms(joints, target: (3, 4), radius: 0.5).Panels[0].Layers;
        var arms = Assert.IsType<Curve>(layers[0]);
        Assert.Equal([[0, 1, 1], [0, 0, 1]], arms.Strokes.Select(stroke => stroke.X.ToArray()));
        Assert.Equal([[0, 0, 1], [1, 2, 2]], arms.Strokes.Select(stroke => stroke.Y.ToArray()));
        var dots = layers.OfType<Points>().ToArray();
        Assert.Equal([1, 0], dots[0].X);
        Assert.Equal([1, 2], dots[1].Y);
        Assert.Equal([0, 1], dots[2].Y);
        Assert.Equal((3, 4), (dots[3].X[0], dots[3].Y[0]));
        var circle = Assert.IsType<Curve>(layers[4]);
        Assert.All(circle.X.Zip(circle.Y), at => Assert.Equal(0.5, Math.Sqrt(Math.Pow(at.First - 3, 2) + Math.Pow(at.Second - 4, 2)), 1e-12));
    }

    [Fact]
    public void Many_arms_are_thinned_and_said_so()
    {
        var figure = Figures.Arms(zeros(500, 4, 2) + arange(500).reshape(500, 1, 1));
        Assert.Equal(200, figure.Panels[0].Layers.OfType<Curve>().Single().Strokes.Count());
        Assert.Contains("200 of 500 points", figure.ToString());
    }

    [Fact]
    public void Translucent_parts_are_darker_where_they_cross()
    {
        double[] x = [0, 2, double.NaN, 0, 2], y = [0, 2, double.NaN, 1.3, 1.3];
        var apart = Of(new Curve(x, y) { Color = "#000000", Opacity = 0.5, Width = 9, PartsAddUp = true });
        using var bitmap = Decode(apart);
        Assert.True(Near(At(apart, bitmap, 0.3, 0.3), new(127, 127, 127)));
        Assert.True(Near(At(apart, bitmap, 1.3, 1.3), new(64, 64, 64)));
        Assert.Equal(2, Json(apart).GetProperty("data").GetArrayLength());
        Assert.Equal(1, Json(Of(new Curve(x, y))).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public void A_line_has_the_width_and_opacity_that_it_was_given()
    {
        var line = Trace(Of(new Curve([0, 1], [0, 1]) { Color = "#0a0b0c", Width = 0.5, Opacity = 0.25 })).GetProperty("line");
        Assert.Equal(0.5, line.GetProperty("width").GetDouble());
        Assert.Equal("rgba(10,11,12,0.25)", line.GetProperty("color").GetString());
        Assert.Throws<ArgumentException>("Width", () => new Curve([0], [0]) { Width = 0 });
        Assert.Throws<ArgumentException>("Opacity", () => new Curve([0], [0]) { Opacity = 1.5 });
    }

    [Fact]
    public void What_is_no_arm_is_refused_by_name()
    {
        Assert.Contains("(3, 2)", Assert.Throws<ArgumentException>("joints", () => Figures.Arms(zeros(3, 2))).Message);
        Assert.Throws<ArgumentException>("joints", () => Figures.Arms(zeros(3, 1, 2)));
        Assert.Contains("empty", Assert.Throws<ArgumentException>("joints", () => Figures.Arms(zeros(0, 3, 2))).Message);
        Assert.Throws<ArgumentException>("radius", () => Figures.Arms(zeros(1, 3, 2), target: (0, 0), radius: -1));
        Assert.Throws<ArgumentException>("radius", () => Figures.Arms(zeros(1, 3, 2), radius: 1));
    }
}
