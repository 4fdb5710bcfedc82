using FlowKit.Distributions;

namespace FlowKit.Laws;

/// <summary>What every distribution obeys, in float64, wherever its events live.</summary>
/// <remarks>Statistical laws draw 40,000 events with a fixed seed and allow 4.5 standard errors.</remarks>
/// <example><code>
/// using FlowKit.Laws;
/// foreach (var law in DensityLaws.All.Take(2)) Console.WriteLine(law.Name);
/// // => It integrates to one
/// // => The mean log-prob of its own draws is minus its entropy
/// DensityLaws.Check(new DensityCase("normal", () => new Normal().Learned(2), Space.Real(-11, 11)));
/// </code></example>
public static class DensityLaws
{
    private const long Draws = 40_000;
    private const double Errors = 4.5;

    /// <summary>Every law.</summary>
    public static IReadOnlyList<Law<DensityCase>> All { get; } =
    [
        new("It integrates to one", IntegratesToOne, _ => true),
        new("The mean log-prob of its own draws is minus its entropy", MeanLogProbIsMinusEntropy, _ => true),
        new("The entropy in closed form is that of the integral", EntropyIsThatInClosedForm, it => it.Entropy is not null || it.EntropyOf is not null),
        new("Draws fall where the density says", DrawsFollow, _ => true),
        new("Drawing with log-prob gives the log-prob of the draw", DrawingWithLogProb, _ => true),
        new("Draws have the promised shape and the module's precision", ShapeAndPrecision, _ => true),
        new("Extreme events have no NaN log-prob, and NaN has", ExtremeEvents, _ => true),
        new("There is nothing at infinity, and NaN beside it stays", NothingAtInfinity, it => !it.Space.IsDiscrete),
        new("There is nothing outside its space", NothingElsewhere, HasOutside),
        new("Data of any dtype have the same mass", AnyDtype, it => it.Space.IsDiscrete),
        new("Wrong shapes and unwanted contexts are refused by name", Refusals, _ => true),
        new("Only the results outlive a call", Memory, _ => true),
    ];

    /// <summary>Holds a distribution against every law that speaks of it.</summary>
    /// <exception cref="LawException">One does not hold; the message says which, and how far off.</exception>
    public static void Check(DensityCase one)
    {
        ArgumentNullException.ThrowIfNull(one);
        Expect.All(All, one, one.Name);
    }

    private static void IntegratesToOne(DensityCase it)
    {
        var p = it.Create();
        Expect.Within(Integral(it, p, (_, logP) => logP.exp()) - 1, it.Tolerance, "The integral");
    }

    private static void MeanLogProbIsMinusEntropy(DensityCase it)
    {
        var p = it.Create();
        var logP = p.LogProb(p.Sample(Draws));
        Expect.True(logP.isfinite().all().ToBoolean(), "A draw has a log-prob that is not finite.");
        double error = logP.std().ToDouble() / Math.Sqrt(Draws);
        Expect.Within(logP.mean().ToDouble() + Entropy(it, p), Errors * error + Numerical(it), "The mean log-prob of draws");
    }

    private static void EntropyIsThatInClosedForm(DensityCase it)
    {
        var p = it.Create();
        Expect.Within(Entropy(it, p) - (it.Entropy ?? it.EntropyOf!(p)), it.Tolerance * 10, "The entropy");
    }

    private static void DrawsFollow(DensityCase it)
    {
        var p = it.Create();
        using var rule = it.Space.Rule(p.EventShape, it.Resolution);
        var points = rule.Points();
        var mass = tensor(rule.Evaluate(x => p.LogProb(x.reshape([-1, .. p.EventShape]))), dtype: float64, device: CPU).exp() * rule.Weights();
        var likely = points.index_select(0, mass.topk((int)Math.Min(12, mass.size(0)), 0, largest: true, sorted: true).indexes);
        var draws = p.Sample(Draws).flatten(1);
        foreach (var statistic in it.Space.Statistics(p.Dimensions, likely))
        {
            using var scope = NewDisposeScope();
            var values = statistic(points);
            double mean = (mass * values).sum().ToDouble(), variance = (mass * values.square()).sum().ToDouble() - mean * mean;
            double error = Math.Sqrt(Math.Max(variance, 1e-4) / Draws);
            Expect.Within(statistic(draws).mean().ToDouble() - mean, Errors * error, "A statistic of draws");
        }
    }

    private static void DrawingWithLogProb(DensityCase it)
    {
        var p = it.Create();
        var (x, logP) = p.SampleWithLogProb(50);
        Expect.Near(p.LogProb(x), logP, it.Space.IsDiscrete ? 1e-12 : 1e-9, "The log-prob of a draw");
    }

    private static void ShapeAndPrecision(DensityCase it)
    {
        var p = it.Create();
        Expect.SameShape([3, .. p.EventShape], p.Sample(3), "Three draws");
        Expect.SameShape([0, .. p.EventShape], p.Sample(0), "No draws");
        var x = p.Sample(50);
        Expect.True(x.dtype == float64, $"Draws of a float64 module are {x.dtype}.");
        var exact = p.LogProb(x);
        p.to(float32);
        Expect.True(p.Sample(1).dtype == float32 && p.LogProb(p.Sample(2)).dtype == float32, "A float32 module gives another precision.");
        if (it.Space.IsDiscrete) Expect.Near(p.LogProb(x.to(float32)), exact, 2e-3, "The float32 log-prob");
    }

    private static void ExtremeEvents(DensityCase it)
    {
        var p = it.Create();
        foreach (double at in (double[])[0, 1e-8, 1e4, -1e4, 1e6, -1e6, 1e15, double.MaxValue / 1e200])
            Expect.NoNaN(p.LogProb(full([2, .. p.EventShape], at, dtype: float64, device: CPU)), $"The log-prob at {at}");
        Expect.True(p.LogProb(full([2, .. p.EventShape], double.NaN, dtype: float64, device: CPU)).isnan().all().ToBoolean(), "The log-prob of NaN is a number.");
    }

    private static void NothingAtInfinity(DensityCase it)
    {
        var p = it.Create();
        var x = p.Sample(4);
        x[0] = double.PositiveInfinity;
        x[1] = double.NegativeInfinity;
        x[2, 0] = double.PositiveInfinity;
        var logP = p.LogProb(x);
        Expect.True(logP.narrow(0, 0, 3).eq(double.NegativeInfinity).all().ToBoolean(), "There is density at infinity.");
        Expect.True(logP[3].isfinite().ToBoolean(), "A row beside infinite ones has no density.");
        if (p.EventShape[0] == 1) return;
        x[2, 1] = double.NaN;
        Expect.True(p.LogProb(x)[2].isnan().ToBoolean(), "NaN beside infinity was lost.");
    }

    private static void NothingElsewhere(DensityCase it)
    {
        var p = it.Create();
        var x = it.Space.Elsewhere(p.Dimensions);
        Expect.True(p.LogProb(x.reshape([-1, .. p.EventShape])).eq(double.NegativeInfinity).all().ToBoolean(), "An event outside the space has a log-prob above -inf.");
    }

    private static void AnyDtype(DensityCase it)
    {
        var p = it.Create();
        var x = p.Sample(20);
        Expect.Near(x, x.round(), 0, "A draw from the whole numbers");
        Expect.Near(p.LogProb(x.to(int64)), p.LogProb(x), 0, "The log-prob of int64 events");
        Expect.Near(p.LogProb(x.to(float32)), p.LogProb(x), 1e-12, "The log-prob of float32 events");
    }

    private static void Refusals(DensityCase it)
    {
        var p = it.Create();
        Expect.Refused("x", () => p.LogProb(zeros(4, 9, dtype: float64, device: CPU)), "(4, 9)");
        Expect.Refused("x", () => p.LogProb(zeros(4, 9, dtype: float64, device: CPU)), $"expected (B, {p.EventShape[0]}");
        Expect.Refused("x", () => p.LogProb(tensor(1.0, dtype: float64, device: CPU)));
        Expect.Refused("context", () => p.LogProb(zeros([4, .. p.EventShape], dtype: float64, device: CPU), zeros(4, 1, dtype: float64, device: CPU)));
        Expect.Refused("count", () => p.Sample(-1));
    }

    private static void Memory(DensityCase it)
    {
        var p = it.Create();
        using var scope = NewDisposeScope();
        long before = Expect.LiveTensors;
        var x = p.Sample(5);
        p.LogProb(x);
        p.SampleWithLogProb(5);
        Expect.True(Expect.LiveTensors == before + 4, $"A draw, a log-prob and a draw with its log-prob leave {Expect.LiveTensors - before} tensors behind; expected 4.");
    }

    private static bool HasOutside(DensityCase it)
    {
        using var outside = it.Space.Elsewhere(1);
        return outside.size(0) > 0;
    }

    private static double Numerical(DensityCase it) => it.Space.IsDiscrete ? 1e-9 : it.Tolerance * 10;

    private static double Entropy(DensityCase it, Distribution p) => -Integral(it, p, (_, logP) => (logP.exp() * logP).nan_to_num(nan: 0));

    private static double Integral(DensityCase it, Distribution p, Func<Tensor, Tensor, Tensor> f)
    {
        using var rule = it.Space.Rule(p.EventShape, it.Resolution);
        return rule.Integrate(x => f(x, p.LogProb(x.reshape([-1, .. p.EventShape]))));
    }
}
