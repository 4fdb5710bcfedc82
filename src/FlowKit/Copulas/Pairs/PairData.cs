namespace FlowKit.Copulas;

/// <summary>What a pair copula is fitted to: checked, on the CPU, in float64.</summary>
internal sealed class PairData
{
    private const int Least = 10;
    private readonly Dictionary<int, (Tensor U, Tensor V)> turned = [];

    /// <summary>Checked data; its tensors belong to the caller's dispose scope.</summary>
    /// <param name="x">(N, 2), N >= 10, in (0, 1).</param>
    /// <exception cref="ArgumentException">x is not that, holds NaN, or has a constant column.</exception>
    public PairData(Tensor x)
    {
        (U, V) = KendallTau.Columns(x);
        if (Count < Least) throw new ArgumentException($"x has {Count} pairs; expected at least {Least} for a fit.", nameof(x));
        foreach (var (column, values) in new[] { (0, U), (1, V) })
        {
            foreach (double value in values)
            {
                if (double.IsNaN(value)) throw new ArgumentException($"x holds NaN in column {column}.", nameof(x));
                if (!(value > 0 && value < 1)) throw new ArgumentException($"x holds {value} in column {column}; expected numbers in (0, 1), as ranks divided by N + 1.", nameof(x));
            }
            if (values.AsSpan().IndexOfAnyExcept(values[0]) < 0) throw new ArgumentException($"Column {column} of x is constant, {values[0]}; it depends on nothing.", nameof(x));
        }
        Tau = KendallTau.Of(U, V);
        X = x.detach().to(float64).cpu();
    }

    /// <summary>The pairs, (N, 2).</summary>
    public Tensor X { get; }

    /// <summary>The first column.</summary>
    public double[] U { get; }

    /// <summary>The second.</summary>
    public double[] V { get; }

    /// <summary>N.</summary>
    public int Count => U.Length;

    /// <summary>Kendall's tau.</summary>
    public double Tau { get; }

    /// <summary>The columns as a family sees them whose copula is turned by so many degrees.</summary>
    public (Tensor U, Tensor V) Turned(int rotation)
    {
        if (turned.TryGetValue(rotation, out var columns)) return columns;
        var (u, v) = (X.select(1, 0).contiguous(), X.select(1, 1).contiguous());
        return turned[rotation] = (rotation is 90 or 180 ? 1 - u : u, rotation is 180 or 270 ? 1 - v : v);
    }

    /// <summary>A fitted copula with its log-likelihood here.</summary>
    public PairCandidate Judge(BivariateCopula copula)
    {
        double logLikelihood = copula.LogProb(X).sum().ToDouble(), count = copula.DegreesOfFreedom;
        return new(copula, logLikelihood, 2 * count - 2 * logLikelihood, count * Math.Log(Count) - 2 * logLikelihood);
    }
}
