namespace FlowKit.Laws;

/// <summary>What the laws measure and demand.</summary>
internal static class Expect
{
    /// <summary>Largest |a - b|; NaN if any is, infinity if the shapes differ.</summary>
    public static double Distance(Tensor a, Tensor b) =>
        !a.shape.SequenceEqual(b.shape) ? double.PositiveInfinity : a.numel() == 0 ? 0 : (a.to(float64) - b.to(float64)).abs().max().ToDouble();

    /// <summary>Two tensors no further apart than the tolerance.</summary>
    public static void Near(Tensor a, Tensor b, double tolerance, string what) => Within(Distance(a, b), tolerance, what);

    /// <summary>A number of [-tolerance, tolerance].</summary>
    public static void Within(double error, double tolerance, string what)
    {
        if (!(Math.Abs(error) <= tolerance)) throw new LawException($"{what}: off by {error:G6}; expected at most {tolerance:G3}.");
    }

    public static void True(bool holds, string what)
    {
        if (!holds) throw new LawException(what);
    }

    public static void SameShape(IEnumerable<long> expected, Tensor x, string what) =>
        True(expected.SequenceEqual(x.shape), $"{what} has shape {Guard.Describe(x)}; expected {Guard.Describe(expected.Select(size => $"{size}"))}.");

    public static void NoNaN(Tensor x, string what) => True(!x.isnan().any().ToBoolean(), $"{what} is NaN.");

    /// <summary>An <see cref="ArgumentException"/> that names the argument, and whose message holds that text.</summary>
    public static void Refused(string argument, Action call, string text = "")
    {
        try
        {
            call();
        }
        catch (ArgumentException refusal) when (refusal.ParamName == argument && refusal.Message.Contains(text))
        {
            return;
        }
        catch (Exception other)
        {
            throw new LawException($"Expected an ArgumentException for {argument} that says '{text}'; got {other.GetType().Name}: {other.Message}");
        }
        throw new LawException($"Expected an ArgumentException for {argument} that says '{text}'; nothing was refused.");
    }

    /// <summary>Gradients that are there, finite and not all zero.</summary>
    public static void Gradients(IEnumerable<(string Name, Tensor Value)> all)
    {
        foreach (var (name, value) in all)
        {
            True(value.grad is { IsInvalid: false } gradient && gradient.abs().sum().ToDouble() != 0, $"{name} got no gradient.");
            True(value.grad!.isfinite().all().ToBoolean(), $"{name} got a gradient that is not finite.");
        }
    }

    /// <summary>Every law that speaks of the case.</summary>
    public static void All<TCase>(IEnumerable<Law<TCase>> laws, TCase one, string name)
    {
        foreach (var law in laws.Where(law => law.AppliesTo(one)))
        {
            try
            {
                law.Check(one);
            }
            catch (LawException broken)
            {
                throw new LawException($"{name}: '{law.Name}' does not hold. {broken.Message}");
            }
        }
    }

    /// <summary>A module in float64 and evaluation mode, its parameters moved at random, so that no law is proved on the identity alone.</summary>
    public static T Shaken<T>(T module, double by) where T : nn.Module
    {
        module.to(float64);
        using (no_grad())
            foreach (var parameter in module.parameters()) parameter.add_(randn_like(parameter) * by);
        module.eval();
        return module;
    }

    /// <summary>Contexts for that many rows; null for a module that takes none.</summary>
    public static Tensor? Context(FlowModule module, long rows) => module.ContextShape is { } shape ? randn([rows, .. shape], dtype: float64, device: CPU) : null;

    /// <summary>Tensors alive on this thread.</summary>
    public static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
