using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

public class WhitenTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whitened_data_have_mean_0_and_covariance_1(bool zeroPhase)
    {
        var data = Correlated();
        var z = (zeroPhase ? Whiten.Zca(data) : Whiten.Pca(data)).Forward(data).Z;
        Assert.InRange(z.mean([0]).abs().max().ToDouble(), 0, 1e-12);
        Assert.InRange(Distance(z.t().mm(z) / z.size(0), eye(4, dtype: float64)), 0, 1e-12);
    }

    [Fact]
    public void Principal_components_come_largest_first()
    {
        var data = Correlated();
        var raw = Whiten.Pca(data, epsilon: 1e6).Forward(data).Z * 1e3;       // so large an epsilon only rotates
        var variance = raw.square().mean([0]).data<double>().ToArray();
        Assert.Equal(variance.OrderDescending(), variance);
        Assert.InRange(Math.Abs(variance.Sum() / (data - data.mean([0])).square().mean([0]).sum().ToDouble() - 1), 0, 1e-4);
    }

    [Fact]
    public void Zero_phase_stays_nearer_to_the_data_than_any_rotation_of_it()
    {
        var data = Correlated();
        double zca = Moved(Whiten.Zca(data)), pca = Moved(Whiten.Pca(data));
        Assert.InRange(zca, 0, pca - 0.1);

        double Moved(Whiten layer) => (layer.Forward(data).Z - (data - data.mean([0]))).square().sum(1).mean().ToDouble();
    }

    [Fact]
    public void An_epsilon_leaves_directions_without_variance_alone()
    {
        var flat = cat([Correlated(), zeros(200, 1, dtype: float64)], 1);
        Assert.Contains("singular", Assert.Throws<ArgumentException>(() => Whiten.Zca(flat)).Message);

        var layer = Whiten.Zca(flat, epsilon: 0.01);
        var (z, logDet) = layer.Forward(flat);
        Assert.True(z.isfinite().all().ToBoolean());
        Assert.InRange(Distance(layer.Inverse(z).X, flat), 0, 1e-12);
        Assert.True(logDet.isfinite().all().ToBoolean());
    }

    [Fact]
    public void Data_that_cannot_be_whitened_are_refused()
    {
        Assert.Contains("(N, D)", Assert.Throws<ArgumentException>(() => Whiten.Zca(randn(5))).Message);
        Assert.Contains("(N, D)", Assert.Throws<ArgumentException>(() => Whiten.Zca(randn(1, 5))).Message);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => Whiten.Zca(tensor(new[] { 0f, float.NaN, 1f, 2f }, [2, 2]))).Message);
        Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => Whiten.Pca(randn(9, 2), epsilon: -1)).ParamName);
    }

    private static Tensor Correlated()
    {
        manual_seed(1);
        return randn(200, 4, dtype: float64).mm(randn(4, 4, dtype: float64)) + 3;
    }
}
