using FlowKit.Copulas;
using Microsoft.Data.Analysis;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

public class CopulaFrameTests
{
    private static DataFrame Frame()
    {
        manual_seed(1);
        var x = randn(500, 3, dtype: float64);
        x.select(1, 1).add_(x.select(1, 0) * 2);
        return x.ToDataFrame("a", "b", "c");
    }

    [Fact]
    public void A_frame_becomes_a_model_and_the_model_a_frame_with_its_names()
    {
        var model = Frame().FitCopula();
        Assert.Equal(["a", "b", "c"], model.Names);
        var draws = model.SampleFrame(2000);
        Assert.Equal(["a", "b", "c"], draws.Columns.Select(column => column.Name));
        Assert.Equal(2000, draws.Rows.Count);
        double r = corrcoef(draws.ToTensor(ScalarType.Float64, "a", "b").t())[0, 1].item<double>();
        Assert.InRange(r - 2 / Math.Sqrt(5), -0.05, 0.05);
    }

    [Fact]
    public void Columns_and_margins_are_chosen_by_name()
    {
        var model = Frame().FitCopula(["c", "a"], new() { Margins = new Dictionary<string, Func<Tensor, Margin>> { ["a"] = x => TailedMargin.Fit(x) } });
        Assert.Equal(["c", "a"], model.Names);
        Assert.Equal(["KernelMargin", "TailedMargin"], model.Margins.Select(margin => margin.GetName()));
    }

    [Fact]
    public void NaN_and_missing_values_are_refused_by_column()
    {
        var frame = Frame();
        frame["b"][3] = double.NaN;
        Assert.Contains("'b' of x holds NaN in 1 of 500 rows", Assert.Throws<ArgumentException>(() => frame.FitCopula()).Message);
        frame["b"][3] = null;
        Assert.Contains("b", Assert.Throws<ArgumentException>(() => frame.FitCopula()).Message);
        Assert.Contains("none", Assert.Throws<ArgumentException>(() => frame.FitCopula(["a", "none"])).Message);
    }

    [Fact]
    public void Ties_are_reported()
    {
        var frame = Frame();
        for (int i = 0; i < 100; i++) frame["c"][i] = 1.0;
        Assert.Contains("20.0 % of 'c'", frame.FitCopula().Warning);
        Assert.Null(Frame().FitCopula().Warning);
    }
}
