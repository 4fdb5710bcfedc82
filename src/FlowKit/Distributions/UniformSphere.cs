namespace FlowKit.Distributions;

/// <summary>The uniform law on the unit sphere S^D of R^(D+1), with respect to its surface: p(x) = Γ((D + 1)/2) / (2 pi^((D + 1)/2)). The base of flows on spheres.</summary>
/// <remarks>
/// <para>S^1 is the circle in the plane, S² the sphere in space, S³ that of unit quaternions. Events are vectors (D + 1) of norm 1: off the sphere, by more than 1e-4 in norm, log p = -inf.</para>
/// <para>Draws are standard normal vectors divided by their norm (Muller 1959, Communications of the ACM 2(4), 19-20).</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var sphere = new UniformSphere(dimension: 2);
/// var x = sphere.Sample(1000);
/// Console.WriteLine(x);                                       // => [1000x3], type = Float32, device = cpu
/// Console.WriteLine(x.norm(1).allclose(ones(1000)));          // => True
/// Console.WriteLine($"{sphere.Entropy:F6}");                  // => 2.531024
/// </code></example>
public sealed class UniformSphere : Distribution
{
    /// <summary>Uniform on S^D.</summary>
    /// <param name="dimension">D >= 1, of the sphere; its points have D + 1 coordinates.</param>
    public UniformSphere(long dimension) : base(nameof(UniformSphere), Guard.Size(dimension, least: 1) + 1L)
    {
        Entropy = LogArea(dimension);
        RegisterComponents();
    }

    /// <summary>Entropy with respect to the surface: the logarithm of the area, nats.</summary>
    public double Entropy { get; }

    internal override bool IsOnSphere => true;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => SpherePoints.LogProb(x, point => point.sum(1) * 0 - Entropy);     // NaN where x is

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var x = randn(BatchOf(count), dtype: Dtype, device: Device);
        return x / x.norm(1, keepdim: true);
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context) =>
        (SampleCore(count, context), full([count], -Entropy, dtype: Dtype, device: Device));

    // The area of S^D is 2 pi / (D - 1) times that of S^(D-2); S^0 is two points, S^1 has length 2 pi.
    private static double LogArea(long dimension)
    {
        double logArea = dimension % 2 == 0 ? Math.Log(2) : Math.Log(2 * Math.PI);
        for (long d = dimension % 2 + 2; d <= dimension; d += 2) logArea += Math.Log(2 * Math.PI / (d - 1));
        return logArea;
    }
}
