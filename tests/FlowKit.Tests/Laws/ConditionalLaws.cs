using FlowKit.Distributions;
using FlowKit.Tests.Devices;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Laws;

/// <summary>What every distribution with a context obeys, in float64.</summary>
public class ConditionalLaws
{
    private const long Rows = 7;

    [Theory, MemberData(nameof(ConditionalCatalog.Names), MemberType = typeof(ConditionalCatalog))]
    public void Another_context_gives_another_answer(string name)
    {
        var (p, c, x) = Setting(name);
        Assert.True(Distance(p.LogProb(x, c), p.LogProb(x, c.roll(1, 0))) > 1e-3);
    }

    [Theory, MemberData(nameof(ConditionalCatalog.Names), MemberType = typeof(ConditionalCatalog))]
    public void Each_row_follows_its_own_context(string name)
    {
        var (p, c, x) = Setting(name);
        var all = p.LogProb(x, c);
        Assert.Equal([Rows], all.shape);
        for (int i = 0; i < Rows; i++)
            Assert.InRange(Distance(p.LogProb(x.narrow(0, i, 1), c.narrow(0, i, 1)), all.narrow(0, i, 1)), 0, 1e-9);
    }

    [Theory, MemberData(nameof(ConditionalCatalog.Names), MemberType = typeof(ConditionalCatalog))]
    public void One_context_serves_all_rows(string name)
    {
        var (p, c, x) = Setting(name);
        Tensor one = c.narrow(0, 2, 1), repeated = one.repeat_interleave(Rows, dim: 0);
        Assert.InRange(Distance(p.LogProb(x, one), p.LogProb(x, repeated)), 0, 1e-9);
        Assert.Equal(Drawn(one), Drawn(repeated));
        Assert.Equal([0, .. p.EventShape], p.Sample(0, one).shape);

        var learned = one.detach().clone().requires_grad_();
        p.LogProb(x, learned).sum().backward();
        Assert.Equal(learned.shape, learned.grad!.shape);
        Assert.True(learned.grad.abs().sum().ToDouble() > 0);

        double[] Drawn(Tensor context)
        {
            manual_seed(3);
            var plain = p.Sample(Rows, context);
            var (drawn, logP) = p.SampleWithLogProb(Rows, context);
            return [.. cat([plain.flatten(), drawn.flatten(), logP]).detach().to(float64).data<double>()];
        }
    }

    [Theory, MemberData(nameof(ConditionalCatalog.Names), MemberType = typeof(ConditionalCatalog))]
    public void Draws_for_a_context_agree_with_its_log_prob(string name)
    {
        // E[q / p] over draws of p is at most 1, and 1 where p covers q: here q is p of a nearby context.
        const long draws = 20_000;
        var p = ConditionalCatalog.Create(name);
        var c = ConditionalCatalog.Context(2).repeat_interleave(draws / 2, dim: 0);
        var (x, logP) = p.SampleWithLogProb(draws, c);
        Assert.InRange(Distance(p.LogProb(x, c), logP), 0, 1e-7);
        foreach (var ratio in (p.LogProb(x, c * 0.98) - logP).exp().chunk(2))
        {
            double error = ratio.std().ToDouble() / Math.Sqrt(draws / 2) + 1e-12;
            Assert.InRange(ratio.mean().ToDouble() - 1, -4.5 * error, 4.5 * error);
        }
    }

    [Theory, MemberData(nameof(ConditionalCatalog.Names), MemberType = typeof(ConditionalCatalog))]
    public void No_rows_give_nothing(string name)
    {
        var (p, c, x) = Setting(name);
        Assert.Equal([0], p.LogProb(x.narrow(0, 0, 0), c.narrow(0, 0, 0)).shape);
        Assert.Equal([0, .. p.EventShape], p.Sample(0, c.narrow(0, 0, 0)).shape);
    }

    [Theory, MemberData(nameof(ConditionalCatalog.Names), MemberType = typeof(ConditionalCatalog))]
    public void Only_the_results_outlive_a_call(string name)
    {
        var (p, c, x) = Setting(name);
        using var scope = NewDisposeScope();
        long before = LiveTensors;
        p.LogProb(x, c);
        Assert.Equal(before + 1, LiveTensors);
        p.Sample(Rows, c);
        Assert.Equal(before + 2, LiveTensors);
        p.SampleWithLogProb(Rows, c);
        Assert.Equal(before + 4, LiveTensors);
    }

    [Theory, MemberData(nameof(ConditionalCatalog.Names), MemberType = typeof(ConditionalCatalog))]
    public void Every_parameter_and_the_context_get_a_finite_gradient(string name)
    {
        var (p, c, x) = Setting(name);
        c.requires_grad_();
        p.LogProb(x, c).sum().backward();
        foreach (var (parameter, value) in p.named_parameters().Select(one => (one.name, (Tensor)one.parameter)).Append(("context", c)))
        {
            var gradient = value.grad;
            Assert.True(gradient is { IsInvalid: false } && gradient.abs().sum().ToDouble() > 0, $"{parameter} got no gradient");
            Assert.True(gradient.isfinite().all().ToBoolean(), $"{parameter} got a gradient that is not finite");
        }
    }

    [Theory, MemberData(nameof(ConditionalCatalog.Names), MemberType = typeof(ConditionalCatalog))]
    public void Save_and_load_keep_every_answer_and_float32_is_near(string name)
    {
        var (p, c, x) = Setting(name);
        using var stream = new MemoryStream();
        p.save(stream);                                                       // closes the stream
        var copy = ConditionalCatalog.Create(name, seed: 99);
        copy.load(new MemoryStream(stream.ToArray()));
        var exact = p.LogProb(x, c);
        Assert.Equal(0, Distance(copy.LogProb(x, c), exact));
        copy.to(float32);
        Assert.Equal(float32, copy.Sample(Rows, c.to(float32)).dtype);
        Assert.InRange(Distance(copy.LogProb(x.to(float32), c.to(float32)), exact), 0, 1e-2);
    }

    [Theory, MemberData(nameof(ConditionalCatalog.Names), MemberType = typeof(ConditionalCatalog))]
    public void No_point_and_no_context_gives_NaN_and_NaN_stays(string name)
    {
        var (p, c, x) = Setting(name);
        foreach (double scale in (double[])[0, 1e-8, 1e4, -1e4, 1e6])
        {
            Assert.False(p.LogProb(x * scale, c).isnan().any().ToBoolean(), $"x times {scale}");
            Assert.False(p.LogProb(x, c * scale).isnan().any().ToBoolean(), $"context times {scale}");
            Assert.False(p.Sample(Rows, c * scale).isnan().any().ToBoolean(), $"draws, context times {scale}");
        }
        Assert.True(p.LogProb(x * double.NaN, c).isnan().all().ToBoolean());
    }

    [Theory, MemberData(nameof(ConditionalCatalog.Names), MemberType = typeof(ConditionalCatalog))]
    public void A_context_that_does_not_fit_is_refused_by_name(string name)
    {
        var (p, c, x) = Setting(name);
        Assert.Contains("needs a context", Assert.Throws<ArgumentException>("context", () => p.LogProb(x)).Message);
        Assert.Throws<ArgumentException>("context", () => p.Sample(Rows));
        Assert.Contains("(3, 3)", Assert.Throws<ArgumentException>("context", () => p.LogProb(x, c.narrow(0, 0, 3))).Message);
        Assert.Contains("(7, 3), a row of features for each example, or (1, 3)", Assert.Throws<ArgumentException>("context", () => p.Sample(Rows, c.narrow(0, 0, 3))).Message);
        Assert.DoesNotContain(" or (1, 3)", Assert.Throws<ArgumentException>("context", () => p.Sample(1, c)).Message);
        Assert.Contains("(7, 9)", Assert.Throws<ArgumentException>("context", () => p.LogProb(x, zeros(Rows, 9, float64))).Message);
        foreach (var dtype in (ScalarType[])(name is "embedded" ? [float32, float16, complex128] : [float32, float16, int64, @bool, complex128]))   // a network may read whole numbers
            Assert.Throws<ArgumentException>("context", () => p.LogProb(x, c.to(dtype)));
        Assert.Contains("sparse", Assert.Throws<ArgumentException>("context", () => p.LogProb(x, c.to_sparse())).Message);
        Assert.Contains("on meta", Assert.Throws<ArgumentException>("context", () => p.Sample(Rows, c.to(MetaDevice.Device))).Message);
    }

    [Theory, MemberData(nameof(ConditionalCatalog.Names), MemberType = typeof(ConditionalCatalog))]
    public void It_follows_its_module_to_another_device(string name)
    {
        var (p, c, x) = Setting(name);
        p.to(MetaDevice.Device);
        (c, x) = (c.to(MetaDevice.Device), x.to(MetaDevice.Device));
        Assert.Null(MetaDevice.Complaint(() => p.LogProb(x, c).sum().backward()));
        Assert.Null(MetaDevice.Complaint(() => Assert.Equal(DeviceType.META, p.Sample(Rows, c).device_type)));
    }

    [Theory, MemberData(nameof(ConditionalCatalog.Names), MemberType = typeof(ConditionalCatalog))]
    public void Parameters_made_inside_a_dispose_scope_outlive_it(string name)
    {
        Distribution p;
        using (NewDisposeScope()) p = ConditionalCatalog.Create(name);
        var c = ConditionalCatalog.Context(2);
        Assert.False(p.LogProb(p.Sample(2, c), c).isnan().any().ToBoolean());
    }

    private static (Distribution P, Tensor C, Tensor X) Setting(string name)
    {
        var p = ConditionalCatalog.Create(name);
        var c = ConditionalCatalog.Context(Rows);
        return (p, c, p.Sample(Rows, c));
    }
}
