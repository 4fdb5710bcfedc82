using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

public class LinearTests
{
    [Fact]
    public void Lu_linear_starts_at_its_permutation()
    {
        var x = randn(5, 4);
        Assert.InRange(Distance(new LuLinear(4).Forward(x).Z, x), 0, 1e-6);
        Assert.InRange(Distance(new LuLinear(4, order: [2, 0, 3, 1]).Forward(x).Z, new Permutation(2, 0, 3, 1).Forward(x).Z), 0, 1e-6);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_1x1_convolution_starts_as_a_random_rotation(bool factored)
    {
        manual_seed(1);
        var layer = new InvertibleConv1x1(6, factored);
        var (w, logDet) = layer.Forward(eye(6));
        Assert.InRange(Distance(w.matmul(w.t()), eye(6)), 0, 1e-5);
        Assert.InRange(logDet.abs().max().ToDouble(), 0, 1e-5);
        Assert.True(Distance(w, new InvertibleConv1x1(6, factored).Forward(eye(6)).Z) > 0.1);
        Assert.Equal(36, layer.ParameterCount);
    }

    [Fact]
    public void Near_the_identity_groups_of_channels_have_matrices_of_their_own()
    {
        manual_seed(1);
        var layer = InvertibleConv1x1.NearIdentity(6, groups: 2);
        var w = layer.Forward(eye(6)).Z.t();
        Assert.Equal(18, layer.ParameterCount);
        Assert.Equal(0, w.narrow(0, 0, 3).narrow(1, 3, 3).abs().max().ToDouble());
        Assert.Equal(0, w.narrow(0, 3, 3).narrow(1, 0, 3).abs().max().ToDouble());
        var noise = w - eye(6);
        Assert.InRange(noise.abs().max().ToDouble(), 1e-4, 5e-3);
        Assert.True(Distance(noise.narrow(0, 0, 3).narrow(1, 0, 3), noise.narrow(0, 3, 3).narrow(1, 3, 3)) > 1e-4);
        Assert.Equal(0, Distance(InvertibleConv1x1.NearIdentity(3, noise: 0).Forward(eye(3)).Z, eye(3)));

        Assert.Contains("4 groups do not share 6 channels", Assert.Throws<ArgumentException>("groups", () => InvertibleConv1x1.NearIdentity(6, groups: 4)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("noise", () => InvertibleConv1x1.NearIdentity(6, noise: double.NaN));
        using (no_grad()) layer.state_dict()["weight"][1].zero_();
        Assert.Contains("singular", Assert.Throws<InvalidOperationException>(() => layer.Forward(randn(3, 6))).Message);
    }

    [Fact]
    public void The_log_determinants_of_both_forms_are_that_of_the_matrix()
    {
        manual_seed(1);
        var factored = Shaken(new InvertibleConv1x1(5), 0.4);
        using (no_grad()) factored.state_dict()["weight"].diagonal().add_(0.3);
        var w = factored.Forward(eye(5, dtype: float64)).Z.t();                  // its columns are what the unit vectors become
        var plain = new InvertibleConv1x1(5, factored: false);
        plain.to(float64);
        using (no_grad()) plain.state_dict()["weight"].copy_(w);
        var image = randn(2, 5, 3, 4, float64);
        double expected = 12 * linalg.slogdet(w).Item2.ToDouble();
        Assert.True(expected > 1);
        foreach (var layer in (InvertibleConv1x1[])[factored, plain])
        {
            var (z, logDet) = layer.Forward(image);
            Assert.InRange(Distance(logDet, full(2, expected, float64)), 0, 1e-12);
            Assert.InRange(Distance(z, einsum("ij,bjhw->bihw", w, image)), 0, 1e-12);
            Assert.InRange(Distance(layer.Inverse(z).X, image), 0, 1e-12);
        }
    }

    [Fact]
    public void A_1x1_convolution_applies_one_matrix_at_every_position()
    {
        manual_seed(1);
        var layer = new InvertibleConv1x1(3);
        var image = randn(2, 3, 4, 5);
        var (z, logDet) = layer.Forward(image);
        var (one, volume) = layer.Forward(image.select(3, 2).select(2, 1));
        Assert.InRange(Distance(z.select(3, 2).select(2, 1), one), 0, 1e-6);
        Assert.InRange(Distance(logDet, volume * 20), 0, 1e-5);
    }

    [Fact]
    public void A_plain_weight_that_is_a_permutation_shuffles_the_channels()
    {
        var layer = new InvertibleConv1x1(3, factored: false);
        using (no_grad()) layer.state_dict()["weight"].copy_(eye(3).index_select(0, tensor((long[])[2, 0, 1])));
        var x = randn(4, 3, 2, 2);
        Assert.Equal(0, Distance(layer.Forward(x).Z, new Permutation(2, 0, 1).Forward(x).Z));
        Assert.InRange(layer.Forward(x).LogDet.abs().max().ToDouble(), 0, 1e-7);
    }

    [Theory, InlineData(0.5, 1.0), InlineData(0.0, 0.0), InlineData(0.1, 0.3), InlineData(double.NaN, 1.0)]
    public void A_singular_plain_weight_is_an_error_not_a_NaN(double a, double b)
    {
        var layer = new InvertibleConv1x1(2, factored: false);
        layer.to(float64);
        using (no_grad()) layer.state_dict()["weight"].copy_(tensor(new[] { a, b, 2 * a, 2 * b }, [2, 2]));
        string message = Assert.Throws<InvalidOperationException>(() => layer.Forward(randn(3, 2, float64))).Message;
        Assert.Contains("singular", message);
        Assert.Contains("LU form, new InvertibleConv1x1(2, factored: true)", message);
        Assert.Contains("factored", Assert.Throws<InvalidOperationException>(() => layer.Inverse(randn(3, 2, float64))).Message);
    }

    [Fact]
    public void A_factored_weight_whose_scales_vanish_is_an_error_not_a_NaN()
    {
        var layer = new InvertibleConv1x1(2);
        using (no_grad()) layer.state_dict()["weight"].copy_(tensor(new[] { -200f, 0, 0, 1 }, [2, 2]));
        Assert.False(layer.Forward(randn(3, 2)).LogDet.isnan().any().ToBoolean());
        Assert.Contains("singular", Assert.Throws<InvalidOperationException>(() => layer.Inverse(randn(3, 2))).Message);
    }

    [Fact]
    public void Reflections_keep_lengths_and_angles()
    {
        manual_seed(1);
        foreach (var layer in (Orthogonal[])[new(5), new(5, reflections: 1), new(5, reflections: 9), Orthogonal.Random(5, seed: 4)])
        {
            layer.to(float64);
            var q = layer.Forward(eye(5, dtype: float64)).Z;
            Assert.InRange(Distance(q.matmul(q.t()), eye(5, dtype: float64)), 0, 1e-14);
        }
    }

    [Fact]
    public void Reflections_multiplied_at_once_are_those_taken_one_after_the_other()
    {
        manual_seed(2);
        foreach (int count in new[] { 1, 4, 7, 12 })
        {
            var vectors = cat([randn(count, 7, dtype: float64), zeros(1, 7, dtype: float64)]);
            Assert.InRange(Distance(Householder.Product(vectors), Householder.Reflect(vectors, eye(7, dtype: float64))), 0, 1e-13);
        }
    }

    [Fact]
    public void A_vector_of_zeros_reflects_nothing()
    {
        var layer = new Orthogonal(3, reflections: 2);
        using (no_grad()) layer.state_dict()["vectors"].zero_();
        var x = randn(4, 3).requires_grad_();
        Assert.Equal(0, Distance(layer.Forward(x).Z, x));
        layer.Forward(x).Z.square().sum().backward();
        Assert.True(layer.parameters().Single().grad!.isfinite().all().ToBoolean());
    }

    [Fact]
    public void A_fixed_mixing_follows_its_seed_alone_and_mixes_everything()
    {
        Tensor Mixing(int seed) => Orthogonal.Random(6, seed).Forward(eye(6)).Z;
        Assert.Equal(0, Distance(Mixing(1), Mixing(1)));
        Assert.True(Distance(Mixing(1), Mixing(2)) > 0.1);
        Assert.True(Mixing(1).abs().min().ToDouble() > 1e-4);
        Assert.Equal(0, Orthogonal.Random(6, seed: 1).ParameterCount);
    }

    [Fact]
    public void Shapes_and_settings_that_do_not_fit_are_refused()
    {
        Assert.Contains("(B, 3, ...)", Assert.Throws<ArgumentException>("x", () => new LuLinear(3).Forward(randn(2, 4))).Message);
        Assert.Throws<ArgumentException>("z", () => new InvertibleConv1x1(3).Inverse(randn(2, 4, 3, 3)));
        Assert.Throws<ArgumentException>("x", () => new Orthogonal(3).Forward(randn(3)));
        Assert.Throws<ArgumentException>("order", () => new LuLinear(3, order: [0, 0, 1]));
        Assert.Throws<ArgumentOutOfRangeException>("features", () => new LuLinear(0));
        Assert.Throws<ArgumentOutOfRangeException>("reflections", () => new Orthogonal(3, reflections: 0));
    }
}
