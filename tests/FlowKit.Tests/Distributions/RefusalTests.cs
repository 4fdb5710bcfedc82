using FlowKit.Conditioners;
using FlowKit.Distributions;

namespace FlowKit.Tests.Distributions;

public class RefusalTests
{
    [Fact]
    public void A_scale_that_is_not_positive_is_refused_by_name()
    {
        Assert.Contains("-1", Assert.Throws<ArgumentException>("scale", () => new Normal().Fixed(V(0), V(-1))).Message);
        Assert.Throws<ArgumentException>("scale", () => new Logistic().Fixed(V(0), V(0)));
        Assert.Throws<ArgumentException>("scale", () => new Normal().Fixed(V(0), V(double.NaN)));
        Assert.Throws<ArgumentException>("degreesOfFreedom", () => new StudentT().Fixed(V(0), V(0), V(1)));
        Assert.Throws<ArgumentException>("a", () => new Beta().Fixed(V(-2), V(1)));
        Assert.Throws<ArgumentException>("concentration", () => new VonMises().Fixed(V(0), V(-1)));
        Assert.Throws<ArgumentException>("scale", () => new DiscretizedLogistic().Fixed(V(0), V(0)));
    }

    [Fact]
    public void Parameters_that_are_no_numbers_are_refused_by_name()
    {
        Assert.Throws<ArgumentNullException>("mean", () => new Normal().Fixed(null!, V(1)));
        Assert.Contains("not finite", Assert.Throws<ArgumentException>("mean", () => new Normal().Fixed(V(double.NaN), V(1))).Message);
        Assert.Throws<ArgumentException>("location", () => new Logistic().Fixed(V(double.PositiveInfinity), V(1)));
        Assert.Throws<ArgumentException>("location", () => new StudentT().Fixed(V(3), V(double.NaN), V(1)));
        Assert.Throws<ArgumentException>("location", () => new DiscretizedLogistic().Fixed(V(double.NaN), V(1)));
        Assert.Throws<ArgumentException>("mean", () => new VonMises().Fixed(V(double.NaN), V(1)));
        Assert.Contains("NaN", Assert.Throws<ArgumentException>("logits", () => new Bernoulli().Fixed(V(double.NaN))).Message);
        Assert.Throws<ArgumentException>("logits", () => new Categorical(2).Fixed(V(double.NaN, 1).unsqueeze(1)));
        Assert.Throws<ArgumentException>("mean", () => new Normal().Fixed(V(1).to(complex128), V(1)));
        Assert.Throws<ArgumentException>("high", () => new Uniform(V(0), V(1).to(complex128)));
        Assert.Throws<ArgumentException>("mean", () => new MultivariateNormal(V(double.NaN, 0), eye(2)));
        var disposed = V(1);
        disposed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => new Normal().Fixed(disposed, V(1)));
        Assert.Contains("meta", Assert.Throws<ArgumentException>("scale", () => new Normal().Fixed(V(1), ones(1, device: Devices.MetaDevice.Device))).Message);
    }

    [Fact]
    public void Parameters_of_shapes_that_do_not_fit_each_other_are_refused_with_both() =>
        Assert.Contains("(2,) and (3,)", Assert.Throws<ArgumentException>(() => new Normal().Fixed(V(1, 2), V(1, 2, 3))).Message);

    [Fact]
    public void Nothing_where_a_network_or_a_part_should_be_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("conditioner", () => new Normal().Conditional(3, (_, _) => null!, 2));
        Assert.Throws<ArgumentException>("conditioner", () => MultivariateNormal.Conditional(2, 3, (_, _) => null!));
        Assert.Throws<ArgumentException>("blocks", () => new ProductDistribution(new StandardNormal(1), null!));
        Assert.Throws<ArgumentException>("components", () => Mixture.Learned(new StandardNormal(1), null!));
        Assert.Throws<ArgumentException>("context", () => Kl.Divergence(Given(), Given(), tensor(1f)));
        Assert.Throws<ArgumentException>("context", () => Given().Entropy(tensor(1f)));
        Assert.Throws<ArgumentException>("context", () => MultivariateNormal.Conditional(2, 3, (i, o) => new Mlp(i, o, [])).Entropy(tensor(1f)));

        static Conditional Given() => new Normal().Conditional(3, (i, o) => new Mlp(i, o, []), 2);
    }

    [Fact]
    public void Parameters_without_a_shape_are_refused()
    {
        Assert.Contains("(D)", Assert.Throws<ArgumentException>(() => new Normal().Fixed(tensor(0.0), tensor(1.0))).Message);
        Assert.Throws<ArgumentException>("eventShape", () => new Normal().Learned());
        Assert.Contains("(4, ...)", Assert.Throws<ArgumentException>("logits", () => new Categorical(4).Fixed(zeros(2, 4))).Message);
    }

    [Fact]
    public void A_singular_covariance_is_refused_with_advice()
    {
        Assert.Contains("singular", Singular(1, 1, 1, 1));
        Assert.Contains("diagonal", Singular(4, 2, 2, 1));
        Assert.Contains("singular", Singular(1, 0, 0, 0));
        Assert.Contains("singular", Singular(1, 2, 2, 1));
        Assert.Contains("not symmetric", Singular(1, 0.5, 0.2, 1));
        Assert.Contains("not finite", Singular(1, double.NaN, double.NaN, 1));
        Assert.Contains("(2, 2)", Assert.Throws<ArgumentException>("covariance", () => new MultivariateNormal(zeros(2), eye(3))).Message);
        Assert.Throws<ArgumentException>("mean", () => new MultivariateNormal(zeros(2, 1), eye(2)));

        var x = randn(3, 5, dtype: float64);                                  // a sample of three points spans a plane
        Assert.Throws<ArgumentException>("covariance", () => new MultivariateNormal(zeros(5, dtype: float64), x.transpose(0, 1).mm(x)));
        Assert.NotNull(new MultivariateNormal(zeros(2), tensor(new[] { 1.0, 0.9999, 0.9999, 1.0 }, [2, 2])));

        static string Singular(params double[] entries) =>
            Assert.Throws<ArgumentException>("covariance", () => new MultivariateNormal(V(0, 0), V(entries).reshape(2, 2))).Message;
    }

    [Fact]
    public void Boxes_mixtures_and_joints_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentException>("high", () => new Uniform(V(1), V(1)));
        Assert.Throws<ArgumentException>("high", () => new Uniform(V(1), V(double.PositiveInfinity)));
        Assert.Throws<ArgumentException>("high", () => new Uniform(V(1, 2), V(3)));
        Assert.Throws<ArgumentException>("weights", () => new Mixture([1], new StandardNormal(1), new StandardNormal(1)));
        Assert.Throws<ArgumentException>("weights", () => new Mixture([1, 0], new StandardNormal(1), new StandardNormal(1)));
        Assert.Contains("(1) and (2)", Assert.Throws<ArgumentException>("components", () => Mixture.Learned(new StandardNormal(1), new StandardNormal(2))).Message);
        Assert.Throws<ArgumentException>("components", () => Mixture.Learned());
        Assert.Throws<ArgumentException>("blocks", () => new ProductDistribution());
        Assert.Contains("(1, 2)", Assert.Throws<ArgumentException>("blocks", () => new ProductDistribution(new StandardNormal(1, 2))).Message);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Classes", () => new Categorical(1));
        Assert.Throws<ArgumentOutOfRangeException>("Levels", () => new DiscretizedLogistic(1));
        Assert.Throws<ArgumentOutOfRangeException>("Components", () => new MixtureFamily(new Normal(), 0));
        Assert.Throws<ArgumentNullException>("Component", () => new MixtureFamily(null!, 2));
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => Autoregressive.Table(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>("contextShape", () => new Normal().Conditional(0, (i, o) => new Mlp(i, o, []), 2));
        Assert.Contains("expected 3 to 4", Assert.Throws<ArgumentException>("conditioner", () => new Normal().Conditional(3, (i, o) => new Mlp(i, o + 1, []), 2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("temperature", () => new Tempered(new StandardNormal(1), 0));
        Assert.Contains("no location and scale", Assert.Throws<ArgumentException>("inner", () => new Tempered(new Beta().Learned(1), 0.5)).Message);
    }

    private static Tensor V(params double[] values) => tensor(values, dtype: float64);
}
