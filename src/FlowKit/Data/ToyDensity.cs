using FlowKit.Distributions;
using FlowKit.Integration;

namespace FlowKit.Data;

/// <summary>A density of the plane that samples and gives its exact log density and entropy: data whose truth is known.</summary>
/// <example><code>
/// ToyDensity[] densities = [new Banana(), new Checkerboard(), new Heteroscedastic()];
/// foreach (var density in densities) Console.WriteLine($"{density.GetName()} {density.Entropy:F4}");
/// // => Banana 2.8379
/// // => Checkerboard 2.0794
/// // => Heteroscedastic 2.8379
///
/// var (additive, affine) = new Banana().SingleCouplingFloors(reads: 1);
/// Console.WriteLine($"{additive:F4} {affine:F4}");        // => 3.0406 2.9218
/// Console.WriteLine(new Banana().CrossEntropy(new Banana()));  // => 2.8379 ± 0.0000
/// </code></example>
public abstract class ToyDensity(string name) : Distribution(name, 2)
{
    private double? entropy;

    /// <summary>A box that holds all but 1e-12 of the mass.</summary>
    public abstract (double Low, double High) Bounds { get; }

    /// <summary>Differential entropy in nats: the lowest negative log-likelihood any model can reach.</summary>
    /// <remarks>
    /// In closed form where there is one, else by the midpoint rule on <see cref="Bounds"/> with cells of half the smallest standard deviation, which for sums of
    /// Gaussians is exact to 1e-8.
    /// </remarks>
    /// <exception cref="NotSupportedException">The noise is too fine for a grid of 4096 cells per side.</exception>
    public double Entropy => entropy ??= ComputeEntropy();

    /// <summary>-E[log q] of a model q over this density p: the negative log-likelihood of the model in the limit of infinite data. Nats.</summary>
    /// <remarks>
    /// It is estimated as the entropy plus the mean of log p(x) - log q(x) over fresh draws of p: the same expectation as that of -log q, but where q is close to p the two
    /// log-densities rise and fall together, and the standard error is far smaller. The model is put in evaluation mode for the call.
    /// </remarks>
    /// <param name="model">q: unconditional, on the plane, on the device of this density.</param>
    /// <param name="draws">How many, at least 2.</param>
    /// <exception cref="ArgumentException">The model is conditional, or its events are not of the plane.</exception>
    public Estimate CrossEntropy(Distribution model, long draws = 400_000)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        if (model.ContextShape is not null || model.EventShape is not [2])
            throw new ArgumentException($"The model has no context and events of shape (2); its context was {model.ContextShape?.ToString() ?? "none"}, its events {model.EventShape}.", nameof(model));

        var (mean, error, count) = Kl.MonteCarlo(this, model, draws);
        return new(Entropy + mean, error, count);
    }

    /// <summary>The least -E[log q] of flows with a single coupling between features of this density and independent Gaussians of any mean and variance. Nats.</summary>
    /// <remarks>
    /// Such a flow takes the feature it reads, u, for a Gaussian, and the other, v, given u, for a Gaussian whose mean depends on u, and in an affine coupling its variance too. So the
    /// least is (ln 2 pi e Var u + ln 2 pi e E[Var(v | u)]) / 2 for an additive coupling and (ln 2 pi e Var u + E[ln 2 pi e Var(v | u)]) / 2 for an affine one. Both are integrals over
    /// the plane, here by the trapezoidal rule on 0.001 sinh(t), a grid that is fine near 0 and reaches <see cref="Bounds"/>; of the densities here, the banana and the
    /// heteroscedastic one up to a = 2 have six digits.
    /// </remarks>
    /// <param name="reads">The feature that the coupling reads, 0 or 1; it maps the other.</param>
    /// <exception cref="NotSupportedException">The density is too fine for the grid, or has edges: its mass does not come out as 1.</exception>
    public (double Additive, double Affine) SingleCouplingFloors(int reads)
    {
        if (reads is not (0 or 1)) throw new ArgumentOutOfRangeException(nameof(reads), reads, "Expected 0 or 1.");
        const double fine = 1e-3, step = 0.01;
        using var none = no_grad();
        using var scope = NewDisposeScope();
        double reach = Math.Max(Math.Asinh(Bounds.High / fine), Math.Asinh(-Bounds.Low / fine));
        var t = arange(-reach, reach, step, dtype: float64, device: CPU);
        var (x, weight) = (t.sinh() * fine, t.cosh() * (fine * step));

        var moments = new List<Tensor>();                                     // (3, u): integrals of p, v p and v² p over v
        foreach (var u in x.split(100))
        {
            using var part = NewDisposeScope();
            var (known, other) = (u.repeat_interleave(x.size(0)), x.repeat(u.size(0)));
            var density = LogProb(stack(reads == 0 ? [known, other] : [other, known], 1)).exp().reshape(u.size(0), -1) * weight;
            moments.Add(part.MoveToOuter(stack([density.sum(dim: 1), (density * x).sum(dim: 1), (density * x.square()).sum(dim: 1)])));
        }
        var all = cat(moments, dim: 1);
        var mass = all[0];
        var seen = mass.gt(1e-200);                                           // further out, a quotient of two such numbers means nothing
        var variance = where(seen, all[2] / mass - (all[1] / mass).square(), ones_like(mass));
        double total = Over(ones_like(x));
        if (!(Math.Abs(total - 1) <= 1e-6)) throw new NotSupportedException($"{GetName()} is too fine for this grid: its mass comes out as {total:G6}, which is not 1.");
        double spread = Over(x.square()) - Math.Pow(Over(x), 2);
        double gaussians = Math.Log(2 * Math.PI * Math.E) + Math.Log(spread) / 2;
        return (gaussians + Math.Log(Over(variance)) / 2, gaussians + Over(variance.clamp_min(1e-300).log()) / 2);

        double Over(Tensor f) => (where(seen, mass * f, zeros_like(mass)) * weight).sum().ToDouble();
    }

    /// <summary>-E[log p] by the midpoint rule in float64.</summary>
    private protected virtual double ComputeEntropy()
    {
        double cells = Math.Ceiling((Bounds.High - Bounds.Low) / (FinestScale / 2));
        return cells <= 4096
            ? -Quadrature.Integrate(PLogP, Bounds, Bounds, resolution: Math.Max(64, (int)cells))
            : throw new NotSupportedException($"{GetName()}: noise of standard deviation {FinestScale} needs a grid of {cells} cells per side; at most 4096 are allowed.");
    }

    /// <summary>Standard deviation of the finest noise: what a grid has to resolve.</summary>
    private protected virtual double FinestScale => 1;

    private Tensor PLogP(Tensor x)
    {
        var logP = LogProb(x);
        return (logP.exp() * logP).nan_to_num(nan: 0);                        // p ln p = 0 where p = 0
    }
}
