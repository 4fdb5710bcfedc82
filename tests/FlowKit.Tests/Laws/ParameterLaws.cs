using FlowKit.Distributions;
using FlowKit.Tests.Devices;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Laws;

/// <summary>What the parameters of every distribution obey, continuous and discrete.</summary>
public class ParameterLaws
{
    public static TheoryData<string> Names => DensityCatalog.Names;

    [Theory, MemberData(nameof(Names))]
    public void Every_parameter_gets_a_finite_gradient(string name)
    {
        var p = Create(name);
        if (!p.parameters().Any()) return;
        var x = p.Sample(40);
        p.LogProb(x).sum().backward();
        foreach (var (parameter, value) in p.named_parameters())
        {
            Assert.True(value.grad is { IsInvalid: false } && value.grad.abs().sum().ToDouble() > 0, $"{parameter} got no gradient");
            Assert.True(value.grad!.isfinite().all().ToBoolean(), $"{parameter} got a gradient that is not finite");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Points_outside_the_support_leave_the_other_gradients_finite(string name)
    {
        var p = Create(name);
        var x = cat([p.Sample(3), full([1, .. p.EventShape], -1e7, dtype: float64)]).requires_grad_(!DensityCatalog.Get(name).Space.IsDiscrete);
        var logP = p.LogProb(x).narrow(0, 0, 3).sum();
        if (!logP.requires_grad) return;                                      // a law without parameters that is flat in x
        logP.backward();
        Assert.True(x.grad is null || x.grad.isfinite().all().ToBoolean(), "x");
        foreach (var (parameter, value) in p.named_parameters())
            Assert.True(value.grad is null || value.grad.isfinite().all().ToBoolean(), parameter);
    }

    [Theory, MemberData(nameof(Names))]
    public void Each_row_is_judged_alone_and_no_rows_give_nothing(string name)
    {
        var p = Create(name);
        var x = p.Sample(5);
        var all = p.LogProb(x);
        for (int i = 0; i < 5; i++) Assert.InRange(Distance(p.LogProb(x.narrow(0, i, 1)), all.narrow(0, i, 1)), 0, 1e-9);
        Assert.Equal([0], p.LogProb(x.narrow(0, 0, 0)).shape);
        Assert.Equal([0], p.SampleWithLogProb(0).LogProb.shape);
    }

    [Theory, MemberData(nameof(Names))]
    public void Save_and_load_keep_every_answer(string name)
    {
        var p = Create(name);
        using var stream = new MemoryStream();
        p.save(stream);                                                       // closes the stream
        var copy = Create(name, seed: 99);
        copy.load(new MemoryStream(stream.ToArray()));
        var x = p.Sample(20);
        Assert.Equal(0, Distance(copy.LogProb(x), p.LogProb(x)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Numbers_of_another_kind_are_taken_or_refused_by_name(string name)
    {
        var p = Create(name);
        var x = p.Sample(3);
        foreach (var dtype in (ScalarType[])[float32, int64, @bool])
            if (Record.Exception(() => p.LogProb(x.to(dtype))) is { } error)
                Assert.Contains(Assert.IsType<ArgumentException>(error).ParamName, (string[])["x", "z"]);
        Assert.Throws<ArgumentException>("x", () => p.LogProb(x.to(complex128)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Sparse_tensors_and_those_of_another_device_are_refused_by_name(string name)
    {
        var p = Create(name);
        var x = p.Sample(3);
        Assert.Contains("sparse", Assert.Throws<ArgumentException>("x", () => p.LogProb(x.to_sparse())).Message);
        if (p.parameters().Any()) Assert.Contains("on meta", Assert.Throws<ArgumentException>("x", () => p.LogProb(x.to(MetaDevice.Device))).Message);
    }

    [Theory, MemberData(nameof(Names))]
    public void Parameters_made_inside_a_dispose_scope_outlive_it(string name)
    {
        Distribution p;
        using (NewDisposeScope()) p = Create(name);
        Assert.False(p.LogProb(p.Sample(2)).isnan().any().ToBoolean());
    }

    [Theory, MemberData(nameof(Names))]
    public void Draws_carry_gradients_where_it_says_so(string name)
    {
        var p = Create(name);
        Assert.False(p.Sample(3).requires_grad);
        if (!p.parameters().Any(parameter => parameter.requires_grad)) Assert.True(p.IsReparameterized);
        else if (p.IsReparameterized) Assert.True(p.SampleWithLogProb(3).X.requires_grad);
    }

    internal static Distribution Create(string name, int seed = 1) => DensityCatalog.Get(name).Create(seed);
}
