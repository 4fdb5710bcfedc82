using FlowKit.Data;

namespace FlowKit.Tests.Data;

public class CieLabTests
{
    // Published values for D65: Lindbloom's calculator.
    [Theory]
    [InlineData(1, 1, 1, 100, 0, 0)]
    [InlineData(0, 0, 0, 0, 0, 0)]
    [InlineData(1, 0, 0, 53.24, 80.09, 67.20)]
    [InlineData(0, 1, 0, 87.73, -86.18, 83.18)]
    [InlineData(0, 0, 1, 32.30, 79.19, -107.86)]
    public void Known_colors_have_the_known_values(double r, double g, double b, double l, double a, double y)
    {
        double[] lab = CieLab.FromRgb(tensor([r, g, b], [1, 3, 1, 1], dtype: float64)).data<double>().ToArray();
        Assert.Equal(l, lab[0], 6e-3);
        Assert.Equal(a, lab[1], 6e-3);
        Assert.Equal(y, lab[2], 6e-3);
    }

    [Fact]
    public void Gray_has_no_color()
    {
        var gray = linspace(0, 1, 101, dtype: float64).reshape(101, 1, 1, 1).expand(-1, 3, 2, 2);
        Assert.InRange(CieLab.FromRgb(gray).narrow(1, 1, 2).abs().max().ToDouble(), 0, 1e-10);
    }

    [Fact]
    public void There_and_back_is_exact_also_outside_the_screens_colors()
    {
        manual_seed(1);
        var rgb = rand(20, 3, 5, 7, dtype: float64) * 1.4 - 0.2;
        Assert.InRange((CieLab.ToRgb(CieLab.FromRgb(rgb)) - rgb).abs().max().ToDouble(), 0, 1e-9);
        var lab = cat([rand(20, 1, 4, 4, dtype: float64) * 100, rand(20, 2, 4, 4, dtype: float64) * 200 - 100], 1);
        Assert.InRange((CieLab.FromRgb(CieLab.ToRgb(lab)) - lab).abs().max().ToDouble(), 0, 1e-6);
        var single = rand(20, 3, 5, 7);
        Assert.InRange((CieLab.ToRgb(CieLab.FromRgb(single)) - single).abs().max().ToDouble(), 0, 1e-6);
    }

    [Fact]
    public void What_is_not_a_batch_of_colors_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("rgb", () => CieLab.FromRgb(rand(3, 4, 4)));
        Assert.Throws<ArgumentException>("rgb", () => CieLab.FromRgb(ones([1, 3, 4, 4], dtype: uint8)));
        Assert.Throws<ArgumentException>("lab", () => CieLab.ToRgb(rand(2, 1, 4, 4)));
    }
}
