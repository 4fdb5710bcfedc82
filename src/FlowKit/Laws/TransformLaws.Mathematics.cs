using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Laws;

public static partial class TransformLaws
{
    private static void InverseUndoesForward(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        Near(f.Inverse(f.Forward(x, c).Z, c).X, x, it.Tolerance, "x");
    }

    private static void ForwardUndoesInverse(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        var z = Latents(it, f, x, c);
        Near(f.Forward(f.Inverse(z, c).X, c).Z, z, it.Tolerance, "z");
    }

    private static void ForwardJacobian(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        Near(f.Forward(x, c).LogDet, it.DataSpace.LogVolume(x => f.Forward(x, c).Z, x, it.LatentSpace), it.Tolerance, "The log-det");
    }

    private static void InverseJacobian(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        var z = Latents(it, f, x, c);
        Near(f.Inverse(z, c).LogDet, it.LatentSpace.LogVolume(z => f.Inverse(z, c).X, z, it.DataSpace), it.Tolerance, "The log-det");
    }

    private static void WholeNumbers(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        var (z, logDet) = f.Forward(x, c);
        Near(z, z.round(), 0, "z");
        Near(logDet, zeros_like(logDet), 0, "The log-det");
    }

    private static void LogDetsCancel(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        if (it.UndoesForward)
        {
            var (z, forward) = f.Forward(x, c);
            Near(f.Inverse(z, c).LogDet, -forward, it.Tolerance, "The inverse log-det");
        }
        if (it.UndoesInverse)
        {
            var (back, inverse) = f.Inverse(Latents(it, f, x, c), c);
            Near(f.Forward(back, c).LogDet, -inverse, it.Tolerance, "The forward log-det");
        }
    }

    private static void PromisedShapes(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        var (z, logDet) = f.Forward(x, c);
        SameShape([Rows], logDet, "The log-det");
        SameShape(f.LatentShape.IsFixed ? [Rows, .. f.LatentShape] : x.shape, z, "z");
        SameShape(x.shape, f.Inverse(z, c).X, "x");
    }

    private static void BatchOfOne(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        var all = Settled(x, c);
        Near(Settled(x.narrow(0, 2, 1), c?.narrow(0, 2, 1)), all.narrow(0, 2, 1), it.Tolerance, "The row");

        // Noise differs from call to call; what Inverse makes of it does not.
        Tensor Settled(Tensor x, Tensor? c) => it.UndoesInverse ? f.Forward(x, c).Z : f.Inverse(f.Forward(x, c).Z, c).X;
    }

    private static void EveryGradient(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        if (!f.parameters().Any()) return;
        foreach (bool forward in (bool[])[true, false])
        {
            f.zero_grad();
            var (y, logDet) = forward ? f.Forward(x, c) : f.Inverse(f.Forward(x, c).Z.detach(), c);
            (y.square().sum() + logDet.sum()).backward();
            Gradients(f.named_parameters().Select(one => (one.name, (Tensor)one.parameter)));
        }
    }

    private static void GradientsOfGraphs(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        foreach (bool forward in (bool[])[true, false])
        {
            var at = (forward ? x : f.Forward(x, c).Z).detach().clone().requires_grad_();
            c = c?.detach().clone().requires_grad_();
            Tensor[] wanted = c is null ? [at, .. f.parameters()] : [at, c, .. f.parameters()];
            var (plain, graph) = (All(createGraph: false), All(createGraph: true));
            for (int i = 0; i < wanted.Length; i++)
                if (!plain[i].IsInvalid) Within(Distance(plain[i], graph[i]) / (1 + plain[i].abs().max().ToDouble()), it.Tolerance, "A gradient");

            IList<Tensor> All(bool createGraph)
            {
                var (y, logDet) = forward ? f.Forward(at, c) : f.Inverse(at, c);
                return autograd.grad([y.square().sum() + logDet.sin().sum()], wanted, retain_graph: createGraph, create_graph: createGraph, allow_unused: true);
            }
        }
    }

    private static void NoNaN(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        foreach (double scale in (double[])[0, 1e-8, 1e4, 1e6, -1e6])
        {
            var (z, logDet) = f.Forward(it.DataSpace.Stretch(x, scale), c);
            Expect.NoNaN(z, $"z at scale {scale}");
            Expect.NoNaN(logDet, $"The log-det at scale {scale}");
            (z, logDet) = f.Inverse(it.LatentSpace.Stretch(Latents(it, f, x, c), scale), c);
            Expect.NoNaN(z, $"x at scale {scale}");
            Expect.NoNaN(logDet, $"The inverse log-det at scale {scale}");
        }
    }

    private static void AnotherContext(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        var shuffled = c!.roll(1, 0);
        True(Distance(Seeded(() => f.Forward(x, c).Z), Seeded(() => f.Forward(x, shuffled).Z)) > 1e-3 || !it.UndoesForward, "Forward ignores the context.");
        var z = f.Forward(x, c).Z;
        True(Distance(Seeded(() => f.Inverse(z, c).X), Seeded(() => f.Inverse(z, shuffled).X)) > 1e-3, "Inverse ignores the context.");
    }

    private static void OneContext(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        Tensor one = c!.narrow(0, 2, 1), repeated = one.repeat_interleave(x.size(0), dim: 0);
        var (z, logDet) = Seeded(() => f.Forward(x, repeated));
        var (again, logDetAgain) = Seeded(() => f.Forward(x, one));
        Near(again, z, 1e-12, "z");
        Near(logDetAgain, logDet, 1e-12, "The log-det");
        Near(Seeded(() => f.Inverse(z, one).X), Seeded(() => f.Inverse(z, repeated).X), 1e-12, "x");

        Tensor learned = one.detach().clone().requires_grad_(), each = repeated.detach().clone().requires_grad_();
        foreach (var context in new[] { learned, each })
        {
            var (y, volume) = Seeded(() => f.Forward(x, context));
            (y.square().sum() + volume.sum()).backward();
        }
        Within(Distance(learned.grad!, each.grad!.sum(0, keepdim: true)) / (1 + each.grad!.abs().sum().ToDouble()), 1e-12, "The gradient of a context that serves all rows");
    }

    private static T Seeded<T>(Func<T> draw)
    {
        manual_seed(5);
        return draw();
    }

    private static (Transform F, Tensor X, Tensor? C) Setting(TransformCase it)
    {
        var f = it.Create();
        return (f, it.Data(Rows), Context(f, Rows));
    }

    private static Tensor Latents(TransformCase it, Transform f, Tensor x, Tensor? c) => it.Latents?.Invoke(Rows) ?? randn_like(f.Forward(x, c).Z.detach());
}
