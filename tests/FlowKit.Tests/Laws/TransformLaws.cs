using FlowKit.Tests.Devices;
using FlowKit.Transforms;
using static FlowKit.Tests.Laws.Numeric;

namespace FlowKit.Tests.Laws;

/// <summary>What every transform obeys, in float64.</summary>
public class TransformLaws
{
    private const long Rows = 7;

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void Inverse_undoes_forward(string name)
    {
        var (it, f, x, c) = Setting(name);
        Assert.InRange(Distance(f.Inverse(f.Forward(x, c).Z, c).X, x), 0, it.Tolerance);
    }

    [Theory, MemberData(nameof(TransformCatalog.Bijections), MemberType = typeof(TransformCatalog))]
    public void Forward_undoes_inverse(string name)
    {
        var (it, f, x, c) = Setting(name);
        var z = Latents(it, f, x, c);
        Assert.InRange(Distance(f.Forward(f.Inverse(z, c).X, c).Z, z), 0, it.Tolerance);
    }

    [Theory, MemberData(nameof(TransformCatalog.Bijections), MemberType = typeof(TransformCatalog))]
    public void Forward_log_det_is_that_of_the_autograd_jacobian(string name)
    {
        var (it, f, x, c) = Setting(name);
        Assert.InRange(Distance(f.Forward(x, c).LogDet, LogAbsDetJacobian(x => f.Forward(x, c).Z, x)), 0, it.Tolerance);
    }

    [Theory, MemberData(nameof(TransformCatalog.Bijections), MemberType = typeof(TransformCatalog))]
    public void Inverse_log_det_is_that_of_the_autograd_jacobian(string name)
    {
        var (it, f, x, c) = Setting(name);
        var z = Latents(it, f, x, c);
        Assert.InRange(Distance(f.Inverse(z, c).LogDet, LogAbsDetJacobian(z => f.Inverse(z, c).X, z)), 0, it.Tolerance);
    }

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void Forward_and_inverse_log_dets_cancel(string name)
    {
        var (it, f, x, c) = Setting(name);
        var (z, forward) = f.Forward(x, c);
        Assert.InRange(Distance(f.Inverse(z, c).LogDet, -forward), 0, it.Tolerance);
    }

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void Results_have_the_promised_shapes(string name)
    {
        var (_, f, x, c) = Setting(name);
        var (z, logDet) = f.Forward(x, c);
        Assert.Equal([Rows], logDet.shape);
        Assert.Equal(f.LatentShape is { } shape && shape.All(size => size > 0) ? [Rows, .. shape] : x.shape, z.shape);
        Assert.Equal(x.shape, f.Inverse(z, c).X.shape);
    }

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void A_batch_of_one_is_a_row_of_a_batch(string name)
    {
        var (it, f, x, c) = Setting(name);
        if (!f.IsExact) x = f.Inverse(f.Forward(x, c).Z, c).X;                // noise differs from call to call; x does not
        var all = f.IsExact ? f.Forward(x, c).Z : x;
        var one = f.IsExact ? f.Forward(x.narrow(0, 2, 1), c?.narrow(0, 2, 1)).Z : f.Inverse(f.Forward(x.narrow(0, 2, 1), c?.narrow(0, 2, 1)).Z, c?.narrow(0, 2, 1)).X;
        Assert.InRange(Distance(one, all.narrow(0, 2, 1)), 0, it.Tolerance);
    }

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void An_empty_batch_gives_an_empty_batch(string name)
    {
        var (it, f, _, _) = Setting(name);
        var (z, logDet) = f.Forward(it.Data(0), TransformCase.Context(f, 0));
        Assert.Equal(0, z.size(0));
        Assert.Equal([0], logDet.shape);
        Assert.Equal([0], f.Inverse(z, TransformCase.Context(f, 0)).LogDet.shape);
    }

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void Only_the_results_outlive_a_call(string name)
    {
        var (_, f, x, c) = Setting(name);
        using var scope = NewDisposeScope();
        long before = LiveTensors;
        var (z, _) = f.Forward(x, c);
        Assert.Equal(before + 2, LiveTensors);
        f.Inverse(z, c);
        Assert.Equal(before + 4, LiveTensors);
        Assert.False(x.IsInvalid);
    }

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void Results_are_fresh_tensors(string name)
    {
        var (_, f, x, c) = Setting(name);
        var (z, logDet) = f.Forward(x, c);
        z.Dispose();
        logDet.Dispose();
        Assert.False(x.IsInvalid);
        Assert.True(x.isfinite().all().ToBoolean());
    }

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void Every_parameter_gets_a_gradient_both_ways(string name)
    {
        var (_, f, x, c) = Setting(name);
        foreach (bool forward in (bool[])[true, false])
        {
            if (!f.parameters().Any()) return;
            f.zero_grad();
            var (y, logDet) = forward ? f.Forward(x, c) : f.Inverse(f.Forward(x, c).Z.detach(), c);
            (y.square().sum() + logDet.sum()).backward();
            foreach (var (parameter, value) in f.named_parameters())
            {
                Assert.True(value.grad is { IsInvalid: false } && value.grad.abs().sum().ToDouble() > 0, $"{parameter} got no gradient");
                Assert.True(value.grad!.isfinite().all().ToBoolean(), $"{parameter} got a gradient that is not finite");
            }
        }
    }

    [Theory, MemberData(nameof(TransformCatalog.Bijections), MemberType = typeof(TransformCatalog))]
    public void Gradients_are_the_same_with_and_without_their_graph(string name)
    {
        var (it, f, x, c) = Setting(name);
        foreach (bool forward in (bool[])[true, false])
        {
            var at = forward ? x : f.Forward(x, c).Z;
            at = at.detach().clone().requires_grad_();
            c = c?.detach().clone().requires_grad_();
            Tensor[] wanted = c is null ? [at, .. f.parameters()] : [at, c, .. f.parameters()];
            var (plain, graph) = (Gradients(createGraph: false), Gradients(createGraph: true));
            for (int i = 0; i < wanted.Length; i++)
                if (!plain[i].IsInvalid) Assert.InRange(Distance(plain[i], graph[i]) / (1 + plain[i].abs().max().ToDouble()), 0, it.Tolerance);

            IList<Tensor> Gradients(bool createGraph)
            {
                var (y, logDet) = forward ? f.Forward(at, c) : f.Inverse(at, c);
                return autograd.grad([y.square().sum() + logDet.sin().sum()], wanted, retain_graph: createGraph, create_graph: createGraph, allow_unused: true);
            }
        }
    }

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void Save_and_load_keep_every_answer(string name)
    {
        var (it, f, x, c) = Setting(name);
        using var stream = new MemoryStream();
        f.save(stream);                                                       // closes the stream
        var copy = it.Create(seed: 99);
        copy.load(new MemoryStream(stream.ToArray()));
        var z = Latents(it, f, x, c);
        Assert.Equal(0, Distance(copy.Inverse(z, c).X, f.Inverse(z, c).X));
        Assert.Equal(0, Distance(copy.Inverse(z, c).LogDet, f.Inverse(z, c).LogDet));
    }

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void Float32_and_back_is_near_float64(string name)
    {
        var (it, f, x, c) = Setting(name);
        var z = Latents(it, f, x, c);
        var exact = f.Inverse(z, c).X;
        f.to(float32);
        var single = f.Inverse(z.to(float32), c?.to(float32)).X;
        Assert.Equal(float32, single.dtype);
        Assert.InRange(Distance(single, exact), 0, 1e-3 + (f.IsExact ? 0 : 1));   // a floor may fall on the other side of a cell
        f.to(float64);
        Assert.InRange(Distance(f.Inverse(z, c).X, exact), 0, 1e-4 + (f.IsExact ? 0 : 1));
    }

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void No_input_gives_NaN(string name)
    {
        var (it, f, x, c) = Setting(name);
        foreach (double scale in (double[])[0, 1e-8, 1e4, 1e6, -1e6])
        {
            var (z, logDet) = f.Forward(f.IsExact ? x * scale : (x * scale).round(), c);   // dequantization takes whole numbers
            Assert.False(z.isnan().any().ToBoolean(), $"z is NaN at scale {scale}");
            Assert.False(logDet.isnan().any().ToBoolean(), $"the log-det is NaN at scale {scale}");
            (z, logDet) = f.Inverse(Latents(it, f, x, c) * scale, c);
            Assert.False(z.isnan().any().ToBoolean(), $"x is NaN at scale {scale}");
            Assert.False(logDet.isnan().any().ToBoolean(), $"the inverse log-det is NaN at scale {scale}");
        }
    }

    [Theory, MemberData(nameof(TransformCatalog.Conditional), MemberType = typeof(TransformCatalog))]
    public void Another_context_gives_another_answer(string name)
    {
        var (_, f, x, c) = Setting(name);
        var shuffled = c!.roll(1, 0);
        Assert.True(Distance(f.Forward(x, c).Z, f.Forward(x, shuffled).Z) > 1e-3);
        var z = f.Forward(x, c).Z;
        Assert.True(Distance(f.Inverse(z, c).X, f.Inverse(z, shuffled).X) > 1e-3);
    }

    [Theory, MemberData(nameof(TransformCatalog.Conditional), MemberType = typeof(TransformCatalog))]
    public void One_context_serves_all_rows(string name)
    {
        var (_, f, x, c) = Setting(name);
        Tensor one = c!.narrow(0, 2, 1), repeated = one.repeat_interleave(x.size(0), dim: 0);
        Tensor z = f.Forward(x, repeated).Z, logDet = f.Forward(x, repeated).LogDet;
        Assert.InRange(Distance(f.Forward(x, one).Z, z), 0, 1e-12);
        Assert.InRange(Distance(f.Forward(x, one).LogDet, logDet), 0, 1e-12);
        Assert.InRange(Distance(f.Inverse(z, one).X, f.Inverse(z, repeated).X), 0, 1e-12);

        Tensor learned = one.detach().clone().requires_grad_(), each = repeated.detach().clone().requires_grad_();
        foreach (var context in new[] { learned, each })
        {
            var (y, volume) = f.Forward(x, context);
            (y.square().sum() + volume.sum()).backward();
        }
        Assert.InRange(Distance(learned.grad!, each.grad!.sum(0, keepdim: true)) / (1 + each.grad!.abs().sum().ToDouble()), 0, 1e-12);
    }

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void A_context_against_its_nature_is_refused(string name)
    {
        var (_, f, x, c) = Setting(name);
        if (c is null)
        {
            Assert.Contains("takes no context", Assert.Throws<ArgumentException>("context", () => f.Forward(x, zeros(Rows, 2, float64))).Message);
            return;
        }
        Assert.Contains("needs a context", Assert.Throws<ArgumentException>("context", () => f.Forward(x)).Message);
        Assert.Contains("(7, 99)", Assert.Throws<ArgumentException>("context", () => f.Forward(x, zeros(Rows, 99, float64))).Message);
        Assert.Contains("(3, ", Assert.Throws<ArgumentException>("context", () => f.Inverse(f.Forward(x, c).Z, zeros([3, .. f.ContextShape!], float64))).Message);
    }

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void Numbers_of_another_kind_are_taken_or_refused_by_name(string name)
    {
        var (_, f, x, c) = Setting(name);
        var z = f.Forward(x, c).Z.detach();
        foreach (var dtype in (ScalarType[])[float32, int64, @bool, complex128])
        {
            Refused("x", () => f.Forward(x.to(dtype), c));
            Refused("z", () => f.Inverse(z.to(dtype), c));
            if (c is not null) Refused("context", () => f.Forward(x, c.to(dtype)));

            void Refused(string argument, Action call)
            {
                if (Record.Exception(call) is { } error)
                    Assert.Contains(Assert.IsType<ArgumentException>(error).ParamName, (string[])[argument, "x", "z"]);   // a part of a chain names its own
                else Assert.NotEqual(complex128, dtype);
            }
        }
    }

    [Theory, MemberData(nameof(TransformCatalog.Bijections), MemberType = typeof(TransformCatalog))]
    public async Task Two_threads_get_the_answers_of_one(string name)
    {
        var (it, f, x, c) = Setting(name);
        var (z, logDet) = f.Forward(x, c);
        var answers = await Task.WhenAll(Ask(gradients: false), Ask(gradients: true));
        Assert.InRange(answers.Max(), 0, it.Tolerance);

        Task<double> Ask(bool gradients) => Task.Run(() =>
        {
            double worst = 0;
            for (int i = 0; i < 5; i++)
            {
                using var outer = NewDisposeScope();
                using var inner = NewDisposeScope();
                using var none = gradients ? null : no_grad();
                var (again, logDetAgain) = f.Forward(x, c);
                worst = new[] { worst, Distance(again, z), Distance(logDetAgain, logDet), Distance(f.Inverse(again, c).X, x) }.Max();
            }
            return worst;
        });
    }

    // A product across devices, or with a sparse matrix, ends the process: it must not come so far.
    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void Sparse_tensors_and_those_of_another_device_are_refused_by_name(string name)
    {
        var (_, f, x, c) = Setting(name);
        var z = f.Forward(x, c).Z.detach();
        Refused("x", "sparse", () => f.Forward(x.to_sparse(), c));
        Refused("z", "sparse", () => f.Inverse(z.to_sparse(), c));
        if (c is not null) Refused("context", "sparse", () => f.Forward(x, c.to_sparse()));
        if (!f.parameters().Concat(f.buffers()).Any()) return;                // it follows its input
        Refused("x", "on meta", () => f.Forward(x.to(MetaDevice.Device), c));
        Refused("z", "on meta", () => f.Inverse(z.to(MetaDevice.Device), c));
        if (c is not null) Refused("context", "on meta", () => f.Forward(x, c.to(MetaDevice.Device)));

        static void Refused(string argument, string what, Action call) => Assert.Contains(what, Assert.Throws<ArgumentException>(argument, call).Message);
    }

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void Parameters_made_inside_a_dispose_scope_outlive_it(string name)
    {
        var it = TransformCatalog.Get(name);
        Transform f;
        using (NewDisposeScope()) f = it.Create();
        var x = it.Data(Rows);
        var c = TransformCase.Context(f, Rows);
        Assert.False(f.Forward(x, c).Z.isnan().any().ToBoolean());
    }

    private static (TransformCase Case, Transform F, Tensor X, Tensor? C) Setting(string name)
    {
        var it = TransformCatalog.Get(name);
        var f = it.Create();
        return (it, f, it.Data(Rows), TransformCase.Context(f, Rows));
    }

    private static Tensor Latents(TransformCase it, Transform f, Tensor x, Tensor? c) => it.Latents?.Invoke(Rows) ?? randn_like(f.Forward(x, c).Z.detach());
}
