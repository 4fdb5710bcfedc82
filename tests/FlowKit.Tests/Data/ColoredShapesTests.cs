using FlowKit.Data;

namespace FlowKit.Tests.Data;

public class ColoredShapesTests
{
    [Fact]
    public void Each_shape_has_its_two_hues_as_often_as_stated()
    {
        manual_seed(1);
        for (int shape = 0; shape < 4; shape++)
        {
            var shapes = ColoredShapes.Draw(20_000, shape);
            var hue = ColoredShapes.Hue(shapes.Colors, shapes.Gray);
            Assert.True(ColoredShapes.NearerHue(hue, shapes.Shape).eq(shapes.Mode).all().ToBoolean());
            Assert.Equal(0.7, shapes.Mode.to(float64).mean().ToDouble(), 4.5 * Math.Sqrt(0.21 / 20_000));
            double first = ColoredShapes.Hues(shape).First;
            var near = hue[shapes.Mode.eq(0)].to(float64) - first;
            Assert.Equal(0, near.sin().mean().ToDouble(), 4.5 * 0.21 / Math.Sqrt(6000));
            Assert.Equal(new long[] { 25, 9, 16, 9 }[shape], shapes.Gray[0].sum().ToInt64());
        }
    }

    // Independent of the sums that LogProb takes: the law of one picture by brute force over hues, pixel by pixel.
    [Fact]
    public void The_log_density_is_that_of_a_sum_over_hues_pixel_by_pixel()
    {
        manual_seed(2);
        var shapes = ColoredShapes.Draw(3);
        var logP = ColoredShapes.LogProb(shapes.Colors, shapes.Gray, shapes.Shape);
        for (int n = 0; n < 3; n++)
        {
            float[] x = shapes.Colors[n].contiguous().data<float>().ToArray(), gray = shapes.Gray[n].contiguous().data<float>().ToArray();
            var (first, second) = ColoredShapes.Hues((int)shapes.Shape[n].ToInt64());
            var terms = new List<double>();
            for (int i = 0; i < 8000; i++)
            {
                double h = Math.Tau * i / 8000, log = Math.Log(Math.Tau / 8000) + Math.Log((0.3 * Bump(h - first)) + (0.7 * Bump(h - second)) + 1e-300);
                for (int p = 0; p < 64; p++)
                {
                    double a = x[p] - (gray[p] * Math.Cos(h)), b = x[64 + p] - (gray[p] * Math.Sin(h));
                    log += (-((a * a) + (b * b)) / 0.02) - Math.Log(Math.Tau * 0.01);
                }
                terms.Add(log);
            }
            double top = terms.Max();
            Assert.Equal(top + Math.Log(terms.Sum(term => Math.Exp(term - top))), logP[n].ToDouble(), 1e-5);
        }

        static double Bump(double d) => Math.Exp(-Math.Pow(Math.IEEERemainder(d, Math.Tau) / ColoredShapes.HueDeviation, 2) / 2) / (Math.Sqrt(Math.Tau) * ColoredShapes.HueDeviation);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("count", () => ColoredShapes.Draw(0));
        Assert.Throws<ArgumentOutOfRangeException>("shape", () => ColoredShapes.Draw(1, shape: 4));
        Assert.Throws<ArgumentException>("colors", () => ColoredShapes.Hue(zeros(1, 3, 8, 8), zeros(1, 1, 8, 8)));
        Assert.Throws<ArgumentException>("gray", () => ColoredShapes.Hue(zeros(3, 2, 8, 8), zeros(2, 1, 8, 8)));
    }
}
