using FlowKit.Distributions;

namespace FlowKit.Data;

/// <summary>A density known up to its normalizer, log p(x) = log p~(x) - log Z, where Z and the entropy are known too: what a flow is fitted to by reverse KL, and judged by exactly.</summary>
/// <remarks>Shapes: x is (B, D), log-densities are (B), in nats and with respect to the volume of the space that x lives in. Both precisions, any device.</remarks>
/// <example><code>
/// // How far the uniform law is from each target of the torus, in nats: E_q[log q - log p~] + log Z.
/// manual_seed(0);
/// foreach (UnnormalizedDensity target in new[] { TorusEnergy.Unimodal, TorusEnergy.Multimodal, TorusEnergy.Correlated })
///     Console.WriteLine($"{target.Name}: {target.Divergence(Uniform.Angles(2)).Mean:F2}");
/// // => unimodal: 0.47
/// // => multimodal: 0.08
/// // => correlated: 0.24
/// </code></example>
public abstract class UnnormalizedDensity
{
    private const long MostDraws = 10_000;

    /// <summary>A target of one's own.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="eventShape">(D), with D known.</param>
    protected UnnormalizedDensity(string name, Shape eventShape)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Name, EventShape) = (name, Guard.Sizes(eventShape, dimensions: 1));
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>(D): 2 for points (B, 2).</summary>
    public Shape EventShape { get; }

    /// <summary>log Z, Z the integral of exp(log p~), nats.</summary>
    public abstract double LogNormalizer { get; }

    /// <summary>Differential entropy of p = p~ / Z, nats.</summary>
    public abstract double Entropy { get; }

    /// <summary>log p~(x), (B), with gradients.</summary>
    /// <param name="x">(B, D), floating-point.</param>
    /// <exception cref="ArgumentException">x is not (B, D).</exception>
    public Tensor LogDensity(Tensor x)
    {
        Guard.Batch(x, EventShape);
        Guard.Floating(x, Name, float32);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(LogDensityCore(x));
    }

    /// <summary>log p(x) = log p~(x) - log Z, (B).</summary>
    /// <inheritdoc cref="LogDensity"/>
    public Tensor LogProb(Tensor x)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(LogDensity(x) - LogNormalizer);
    }

    /// <summary>KL(q || p) = E_q[log q - log p~] + log Z, nats: the mean over fresh draws of q. It is 0 for q = p, and positive otherwise.</summary>
    /// <remarks>The model is put in evaluation mode for the call.</remarks>
    /// <param name="q">Unconditional, on the space of the target.</param>
    /// <param name="draws">How many, at least 2.</param>
    /// <exception cref="ArgumentException">The model is conditional, its events have another shape, or they are off the sphere that the target lives on.</exception>
    public Estimate Divergence(Distribution q, long draws = 200_000)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        if (q.ContextShape is not null || !EventShape.Equals(q.EventShape))
            throw new ArgumentException($"The model has no context and events of shape {EventShape}; its context was {q.ContextShape?.ToString() ?? "none"}, its events {q.EventShape}.", nameof(q));

        using var mode = new EvaluationMode(q);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var excess = new List<Tensor>();
        for (long done = 0; done < draws; done += MostDraws)
        {
            using var part = NewDisposeScope();
            var (x, logQ) = q.SampleWithLogProb(Math.Min(MostDraws, draws - done));
            if (!Holds(x)) throw new ArgumentException($"The model draws points off the unit sphere, where the density of {Name} is zero; expected a model on the sphere, such as a flow over {nameof(UniformSphere)}.", nameof(q));
            excess.Add(part.MoveToOuter((logQ - LogProb(x)).to(float64)));
        }
        return Estimate.Of(cat(excess));
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>log p~(x), (B): mathematics only, of differentiable operations.</summary>
    /// <param name="x">(B, D), floating-point; checked.</param>
    protected abstract Tensor LogDensityCore(Tensor x);

    // Whether all draws are points of the space.
    private protected virtual bool Holds(Tensor x) => true;

    // In the precision and on the device of x.
    private protected static Tensor Like(Tensor points, Tensor x) => points.to(x.dtype, x.device);

    // A copy of a table of finite numbers that outlives the caller's scope, (rows, columns), float64 on the CPU.
    private protected static Tensor Kept(Tensor points, string name)
    {
        Guard.Number(points, name);
        if (points.Dimensions != 2 || points.numel() == 0) throw new ArgumentException($"{name} has shape {Guard.Describe(points)}; expected (K, D), one row for each.", name);
        Guard.Finite(points, name);
        using var scope = NewDisposeScope();
        return points.detach().to(float64).cpu().clone().DetachFromDisposeScope();
    }
}
