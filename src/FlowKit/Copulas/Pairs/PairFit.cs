namespace FlowKit.Copulas;

/// <summary>Fits pair copulas to data in the unit square, as ranks divided by N + 1, and chooses among them.</summary>
/// <remarks>
/// <para>Maximum likelihood starts at the inversion of Kendall's tau and takes Newton's steps in a trust region, within the ranges of the parameters: where the likelihood is largest at an end of a range, the limit
/// there is the estimate, as independence for Clayton's theta. A parameter's standard error is of the order of N^(-1/2).</para>
/// <para>Asymmetric families are tried in the rotations that have tau's sign: 0 and 180 degrees for tau >= 0, 90 and 270 below 0; Frank's once, at 90 degrees below 0, which is its negative parameter. Before a fit the
/// two rotations are compared at their starting points (BB1, BB7: at the fit to some thousand of the pairs), and one that is more than 10 + N / 500 nats behind is not tried.</para>
/// <para>The computation runs on the CPU in float64. Several threads may fit at the same time.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var truth = new PairCopula(new Gumbel(), 2.0) { Rotation = 180 };
/// var selection = PairFit.Select(truth.Sample(3000).to(float64));
/// var best = (PairCopula)selection.Best;
/// Console.WriteLine($"{best.Family.GetType().Name}, turned by {best.Rotation}: {Math.Abs(best.Theta[0] - 2) &lt; 0.1}");    // => Gumbel, turned by 180: True
/// </code></example>
public static class PairFit
{
    /// <summary>The best of several fitted pair copulas.</summary>
    /// <param name="x">(N, 2), in (0, 1), N >= 10.</param>
    /// <param name="options">What to try; null for the defaults.</param>
    /// <exception cref="ArgumentException">x is not such data, holds NaN or has a constant column, or the options name no family.</exception>
    public static PairSelection Select(Tensor x, PairFitOptions? options = null)
    {
        options ??= new();
        Check(options);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var data = new PairData(x);
        double pValue = KendallTau.IndependencePValue(data.Tau, data.Count);
        PairCandidate[] candidates = options.IndependenceLevel > 0 && pValue > options.IndependenceLevel
            ? [data.Judge(new PairCopula(new Independence()))]
            : [.. options.Families.SelectMany(family => Fits(family, data, options)).Concat(options.Kernel ? [KernelCopula.Fit(x)] : []).Select(data.Judge).OrderBy(candidate => candidate.Score(options.Criterion) is var score && double.IsNaN(score) ? double.PositiveInfinity : score)];
        if (candidates.Length == 0) throw new ArgumentException($"Kendall's tau is {data.Tau:G3}, which no family of the options reaches without a rotation.", nameof(options));
        return new(candidates[0].Copula, candidates, data.Tau, pValue);
    }

    /// <summary>The fitted member of one family in one rotation.</summary>
    /// <param name="family">The family.</param>
    /// <param name="x">(N, 2), in (0, 1), N >= 10.</param>
    /// <param name="rotation">0, 90, 180 or 270 degrees.</param>
    /// <param name="method">How; where tau has the other sign, the inversion of tau is the member next to independence.</param>
    /// <exception cref="ArgumentException">x is not such data, holds NaN or has a constant column.</exception>
    public static PairCopula Fit(PairFamily family, Tensor x, int rotation = 0, PairFitMethod method = PairFitMethod.MaximumLikelihood)
    {
        ArgumentNullException.ThrowIfNull(family);
        Known(method);
        if (rotation is not (0 or 90 or 180 or 270)) throw new ArgumentOutOfRangeException(nameof(rotation), rotation, "Expected 0, 90, 180 or 270 degrees.");
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return new MemberFit(family, rotation, new PairData(x)).Fit(method);
    }

    private static IEnumerable<BivariateCopula> Fits(PairFamily family, PairData data, PairFitOptions options)
    {
        MemberFit[] tries = [.. Rotations(family, data.Tau < 0, options.Rotations).Select(rotation => new MemberFit(family, rotation, data))];
        return tries.Where(one => one.Likelihood >= tries.Max(other => other.Likelihood) - 10 - data.Count / 500.0).Select(one => one.Fit(options.Method));
    }

    private static int[] Rotations(PairFamily family, bool isNegative, bool turns) => family switch
    {
        Independence or GaussianCopula or StudentCopula => [0],
        Frank => [isNegative ? 90 : 0],
        _ when turns => isNegative ? [90, 270] : [0, 180],
        _ => isNegative ? [] : [0],
    };

    private static void Check(PairFitOptions options)
    {
        if (options.Families is null) throw new ArgumentException("Families is null.", nameof(options));
        Guard.NoneNull(options.Families, nameof(options));
        if (options.Families.Count == 0 && !options.Kernel) throw new ArgumentException("The options name no family, and no kernel estimate.", nameof(options));
        if (!(options.IndependenceLevel >= 0 && options.IndependenceLevel <= 1)) throw new ArgumentOutOfRangeException(nameof(options), options.IndependenceLevel, "Expected IndependenceLevel in [0, 1].");
        if (!Enum.IsDefined(options.Criterion)) throw new ArgumentOutOfRangeException(nameof(options), options.Criterion, "Expected one of SelectionCriterion.");
        Known(options.Method);
    }

    private static void Known(PairFitMethod method)
    {
        if (!Enum.IsDefined(method)) throw new ArgumentOutOfRangeException(nameof(method), method, "Expected one of PairFitMethod.");
    }
}
