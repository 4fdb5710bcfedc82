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

    // Data whose covariance is U diag(9, 4, 1.5, 0.5) Uᵀ exactly; the smallest two are replaced by their mean, 1.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_rank_keeps_the_largest_variances_and_the_mean_of_the_rest(bool zeroPhase)
    {
        manual_seed(2);
        double[] variances = [9, 4, 1.5, 0.5];
        var raw = randn(500, 4, dtype: float64);
        var white = Whiten.Zca(raw).Forward(raw).Z;
        var u = linalg.qr(randn(4, 4, dtype: float64)).Q;
        var data = (white * tensor(variances).sqrt()).mm(u.t()) + 1;

        var layer = zeroPhase ? Whiten.Zca(data, rank: 2) : Whiten.Pca(data, rank: 2);
        var (z, logDet) = layer.Forward(data);
        Assert.InRange(Math.Abs(logDet[0].ToDouble() + Math.Log(9 * 4) / 2), 0, 1e-10);
        var found = linalg.eigvalsh(z.t().mm(z) / z.size(0)).data<double>().ToArray();
        foreach (var (actual, expected) in found.Zip([0.5, 1, 1, 1.5])) Assert.Equal(expected, actual, 10);
        Assert.InRange(Distance(layer.Inverse(z).X, data), 0, 1e-12);
        Assert.InRange(Distance(Whiten.Zca(data, rank: 4).Forward(data).Z, Whiten.Zca(data).Forward(data).Z), 0, 0);
    }

    [Fact]
    public void Data_that_cannot_be_whitened_are_refused()
    {
        Assert.Contains("(N, D)", Assert.Throws<ArgumentException>(() => Whiten.Zca(randn(5))).Message);
        Assert.Contains("(N, D)", Assert.Throws<ArgumentException>(() => Whiten.Zca(randn(1, 5))).Message);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => Whiten.Zca(tensor(new[] { 0f, float.NaN, 1f, 2f }, [2, 2]))).Message);
        Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => Whiten.Pca(randn(9, 2), epsilon: -1)).ParamName);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_rank_outside_1_to_D_is_refused(long rank) =>
        Assert.Equal("rank", Assert.Throws<ArgumentOutOfRangeException>(() => Whiten.Zca(randn(9, 2), rank: rank)).ParamName);

    private static Tensor Correlated()
    {
        manual_seed(1);
        return randn(200, 4, dtype: float64).mm(randn(4, 4, dtype: float64)) + 3;
    }
}
