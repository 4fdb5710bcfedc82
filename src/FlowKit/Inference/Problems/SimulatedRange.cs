namespace FlowKit.Inference;

/// <summary>Whether an observation lies among the simulated ones: by the distance to its nearest neighbor, against those of simulations that are no neighbors themselves.</summary>
/// <remarks>Distances are Euclidean in whitened observations. The p-value is valid for any simulator (conformal prediction: Vovk, Gammerman, Shafer 2005): an observation from the same simulator and prior is as likely to have any rank.</remarks>
internal sealed class SimulatedRange
{
    private const long MostReferences = 2000, MostNeighbors = 20_000, Rows = 200;
    private const double LeastVariance = 1e-6;                                // of the largest: below it is rounding

    private readonly Tensor mean, whitening, neighbors;
    private readonly double[] references;

    /// <summary>Of those simulations.</summary>
    /// <param name="observations">(N, M), float64, N >= 2, not all equal.</param>
    public SimulatedRange(Tensor observations)
    {
        long count = observations.size(0), tested = Math.Min(count / 2, MostReferences), near = Math.Min(count - tested, MostNeighbors);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var base_ = observations.narrow(0, 0, near);
        mean = base_.mean([0]).DetachFromDisposeScope();
        var scale = base_.std(dim: 0, unbiased: false);
        scale = scale.masked_fill(StandardizedContext.IsConstant(base_), 1);
        var centered = (base_ - mean) / scale;
        var (values, vectors) = linalg.eigh(centered.t().mm(centered) / near);
        var deviations = values.clamp_min(LeastVariance * values.max().ToDouble()).sqrt().clamp_min(double.Epsilon);
        whitening = (vectors / deviations / scale.unsqueeze(1)).DetachFromDisposeScope();                          // (M, M)
        neighbors = White(base_).DetachFromDisposeScope();
        references = [.. Enumerable.Range(0, (int)((tested + Rows - 1) / Rows)).SelectMany(part => Distances(observations.narrow(0, near + part * Rows, Math.Min(Rows, tested - part * Rows))))];
    }

    /// <summary>The share of simulations that are at least as far from their nearest neighbor, this one counted among them.</summary>
    public double PValue(double[] observation)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        double own = Distances(tensor(observation, [1, observation.Length], dtype: float64, device: CPU))[0];
        return (1.0 + references.Count(distance => distance >= own)) / (references.Length + 1);
    }

    private Tensor White(Tensor y) => (y - mean).mm(whitening);

    private double[] Distances(Tensor y)
    {
        using var scope = NewDisposeScope();
        return cdist(White(y), neighbors).amin([1]).data<double>().ToArray();
    }
}
