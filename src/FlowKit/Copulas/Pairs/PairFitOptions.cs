namespace FlowKit.Copulas;

/// <summary>What <see cref="PairFit.Select"/> tries, and how it chooses.</summary>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var x = new PairCopula(new GaussianCopula(), 0.7).Sample(2000).to(float64);
/// var options = new PairFitOptions { Families = [new GaussianCopula(), new Clayton()], IndependenceLevel = 0 };
/// foreach (var candidate in PairFit.Select(x, options).Candidates.Take(2)) Console.WriteLine(((PairCopula)candidate.Copula).Family.GetType().Name);
/// // => GaussianCopula
/// // => Clayton
/// </code></example>
public sealed record PairFitOptions
{
    /// <summary>The families, all nine by default.</summary>
    public IReadOnlyList<PairFamily> Families { get; init; } =
        [new Independence(), new GaussianCopula(), new StudentCopula(), new Clayton(), new Gumbel(), new Frank(), new Joe(), new BB1(), new BB7()];

    /// <summary>Whether to try the <see cref="KernelCopula"/> too.</summary>
    public bool Kernel { get; init; }

    /// <summary>What chooses.</summary>
    public SelectionCriterion Criterion { get; init; } = SelectionCriterion.Bic;

    /// <summary>How parameters are estimated.</summary>
    public PairFitMethod Method { get; init; } = PairFitMethod.MaximumLikelihood;

    /// <summary>The p-value of <see cref="KendallTau.IndependencePValue"/> above which the pair is taken to be independent and nothing else is tried, in [0, 1]; 0: no such test.</summary>
    public double IndependenceLevel { get; init; } = 0.05;

    /// <summary>Whether families are also turned. If not, those with an asymmetry of their tails are tried as they are, where tau is not negative.</summary>
    public bool Rotations { get; init; } = true;
}
