using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Laws;

public static partial class TransformLaws
{
    private static void EmptyBatch(TransformCase it)
    {
        var f = it.Create();
        var (z, logDet) = f.Forward(it.Data(0), Context(f, 0));
        True(z.size(0) == 0, "An empty batch gives rows.");
        SameShape([0], logDet, "The log-det");
        SameShape([0], f.Inverse(z, Context(f, 0)).LogDet, "The inverse log-det");
    }

    private static void Memory(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        using var scope = NewDisposeScope();
        long before = LiveTensors;
        var (z, _) = f.Forward(x, c);
        True(LiveTensors == before + 2, $"Forward leaves {LiveTensors - before} tensors behind; expected z and the log-det.");
        f.Inverse(z, c);
        True(LiveTensors == before + 4, $"Inverse leaves {LiveTensors - before - 2} tensors behind; expected x and the log-det.");
        True(!x.IsInvalid, "The argument was disposed.");
    }

    private static void FreshResults(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        var (z, logDet) = f.Forward(x, c);
        z.Dispose();
        logDet.Dispose();
        True(!x.IsInvalid && x.isfinite().all().ToBoolean(), "A result is the argument itself.");
    }

    private static void SaveAndLoad(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        using var stream = new MemoryStream();
        f.save(stream);                                                       // closes the stream
        var copy = it.Create(seed: 99);
        copy.load(new MemoryStream(stream.ToArray()));
        var z = Latents(it, f, x, c);
        var (mine, copied) = (Seeded(() => f.Inverse(z, c)), Seeded(() => copy.Inverse(z, c)));
        Near(copied.X, mine.X, 0, "x of a loaded copy");
        Near(copied.LogDet, mine.LogDet, 0, "The log-det of a loaded copy");
    }

    private static void Float32(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        var z = Latents(it, f, x, c);
        double slack = it.DataSpace.IsDiscrete ? 1 : 0;                       // a floor may fall on the other side of a cell
        var exact = Answer(float64);
        f.to(float32);
        var single = Answer(float32);
        True(single.dtype == float32, $"A float32 module gives {single.dtype}.");
        Near(single, exact, 1e-3 + slack, "The float32 answer");
        f.to(float64);
        Near(Answer(float64), exact, 1e-4 + slack, "The answer after float32 and back");

        Tensor Answer(ScalarType dtype) => it.UndoesForward ? f.Inverse(z.to(dtype), c?.to(dtype)).X : f.Forward(x.to(dtype), c?.to(dtype)).Z;
    }

    private static void ContextRefusals(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        if (c is null)
        {
            Refused("context", () => f.Forward(x, zeros(Rows, 2, dtype: float64, device: CPU)), "takes no context");
            return;
        }
        Refused("context", () => f.Forward(x), "needs a context");
        Refused("context", () => f.Forward(x, zeros(Rows, 99, dtype: float64, device: CPU)), "(7, 99)");
        Refused("context", () => f.Inverse(f.Forward(x, c).Z, zeros([3, .. f.ContextShape!], dtype: float64, device: CPU)), "(3, ");
    }

    private static void OtherNumbers(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        var z = f.Forward(x, c).Z.detach();
        foreach (var dtype in (ScalarType[])[float32, int64, @bool, complex128])
        {
            TakenOrRefused("x", () => f.Forward(x.to(dtype), c));
            TakenOrRefused("z", () => f.Inverse(z.to(dtype), c));
            if (c is not null) TakenOrRefused("context", () => f.Forward(x, c.to(dtype)));

            void TakenOrRefused(string argument, Action call)
            {
                try
                {
                    call();
                }
                catch (ArgumentException refusal) when (refusal.ParamName is { } name && (name == argument || name is "x" or "z"))   // a part of a chain names its own
                {
                    return;
                }
                True(dtype != complex128, $"Complex numbers were taken for {argument}.");
            }
        }
    }

    private static void TwoThreads(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        var (z, logDet) = f.Forward(x, c);
        double[] answers = Task.WhenAll(Ask(gradients: false), Ask(gradients: true)).GetAwaiter().GetResult();
        Within(answers.Max(), it.Tolerance, "An answer of two threads");

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
    private static void OtherPlaces(TransformCase it)
    {
        var (f, x, c) = Setting(it);
        var z = f.Forward(x, c).Z.detach();
        Refused("x", () => f.Forward(x.to_sparse(), c), "sparse");
        Refused("z", () => f.Inverse(z.to_sparse(), c), "sparse");
        if (c is not null) Refused("context", () => f.Forward(x, c.to_sparse()), "sparse");
        if (!f.parameters().Concat(f.buffers()).Any()) return;                // it follows its input

        var elsewhere = new Device(DeviceType.META);
        Refused("x", () => f.Forward(x.to(elsewhere), c), "on meta");
        Refused("z", () => f.Inverse(z.to(elsewhere), c), "on meta");
        if (c is not null) Refused("context", () => f.Forward(x, c.to(elsewhere)), "on meta");
    }

    private static void MadeInAScope(TransformCase it)
    {
        Transform f;
        using (NewDisposeScope()) f = it.Create();
        Expect.NoNaN(f.Forward(it.Data(Rows), Context(f, Rows)).Z, "z");
    }
}
