using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>phi(x) = mu·x + xᵀ A x with a symmetric matrix A: the potential of the exponential-map polynomial flow, EMP.</summary>
/// <remarks>
/// <para>Rezende, Papamakarios et al. 2020, arXiv:2002.02428, section 2.3.3. As there, mu and A are not constrained. Where they are large the sphere is folded and several latents share a point: what a flow gives as
/// the log-density of its draws is then a lower bound, of a sum over those latents, and reverse KL may come out far too low, even below 0. Importance weights tell: their mean is the target's normalizer times
/// the number of latents that share a point. <see cref="IsInvertible"/> tells where folds are excluded; only there has the map a way back.</para>
/// <para>With R = |mu| + the spread of A's eigenvalues, no point is moved farther than R, and the Hessian on the sphere is at least -(R + the spread): the map is a diffeomorphism where R + the spread &lt; R cot R, R &lt; pi / 2.</para>
/// <para>It starts next to zero, the map next to the identity.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var phi = new PolynomialPotential(dimension: 2);
/// Console.WriteLine(phi.ParameterCount);                      // => 12
/// Console.WriteLine(phi.IsInvertible);                        // => True
/// foreach (var weight in phi.parameters()) nn.init.normal_(weight);
/// Console.WriteLine(phi.IsInvertible);                        // => False
/// </code></example>
public sealed class PolynomialPotential : SpherePotential
{
    private readonly Parameter mu;            // (D + 1)
    private readonly Parameter weight;        // (D + 1, D + 1): A is its symmetric part

    /// <summary>A potential next to zero.</summary>
    /// <param name="dimension">D >= 1, of the sphere.</param>
    public PolynomialPotential(long dimension) : base(nameof(PolynomialPotential), dimension)
    {
        var dtype = get_default_dtype();
        mu = new Parameter(randn(dimension + 1, dtype: dtype, device: CPU) * 0.01);
        weight = new Parameter(randn(dimension + 1, dimension + 1, dtype: dtype, device: CPU) * 0.01);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsInvertible
    {
        get
        {
            using var none = no_grad();
            using var scope = NewDisposeScope();
            var eigenvalues = linalg.eigvalsh(Hessian.to(float64)) / 2;
            double spread = eigenvalues[-1].ToDouble() - eigenvalues[0].ToDouble(), reach = mu.to(float64).norm().ToDouble() + spread;
            return reach == 0 || reach < Math.PI / 2 && reach + spread < reach / Math.Tan(reach);
        }
    }

    // 2 A
    private Tensor Hessian => weight + weight.t();

    /// <inheritdoc/>
    protected override Tensor ValueCore(Tensor x) => (x * (x.mm(Hessian) / 2 + mu)).sum(1);

    /// <inheritdoc/>
    protected override (Tensor Gradient, Tensor Hessian) DerivativesCore(Tensor x)
    {
        var hessian = Hessian;
        return (x.mm(hessian) + mu, hessian.expand(x.size(0), -1, -1));
    }
}
