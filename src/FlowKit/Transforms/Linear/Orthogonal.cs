using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>z = Q x with Q = H_K ... H_1 a product of Householder reflections H = I - 2 v vᵀ/|v|²: learned by their vectors, or fixed. Volume preserving.</summary>
/// <remarks>
/// <para>log|det| = 0; inverse: x = Qᵀ z. D reflections reach every orthogonal matrix of determinant (-1)^D. Tomczak, Welling 2016, arXiv:1611.09630.</para>
/// <para>Shapes: x is (B, D) or (B, D, ...); Q acts on dimension 1.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var rotation = new Orthogonal(features: 3);
/// var x = randn(5, 3);
/// var (z, logDet) = rotation.Forward(x);
/// Console.WriteLine(z.norm(1).allclose(x.norm(1)));  // => True
/// Console.WriteLine(logDet.npstr());                 // => [0, 0, 0, 0, 0]
/// </code></example>
public sealed class Orthogonal : LinearTransform
{
    private readonly Tensor vectors;

    /// <summary>K learned reflections, which start at random.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="reflections">K >= 1; by default D.</param>
    public Orthogonal(long features, long? reflections = null) : this(features, new Parameter(Initial(features, reflections))) { }

    private Orthogonal(long features, Tensor vectors) : base(nameof(Orthogonal), features)
    {
        this.vectors = vectors;
        RegisterComponents();
    }

    /// <summary>A fixed mixing drawn uniformly among the orthogonal matrices (up to signs of rows), the same for the same seed on every machine.</summary>
    /// <remarks>Between couplings, in place of a permutation: Ardizzone et al. 2019, arXiv:1907.02392. Reflections of shrinking dimension: Stewart 1980, SIAM J. Numer. Anal. 17(3).</remarks>
    public static Orthogonal Random(long features, int seed)
    {
        Guard.Size(features, least: 1);
        var random = new Random(seed);
        double[,] vectors = new double[features, features];
        for (int k = 0; k < features - 1; k++)
        {
            // Reflects a Gaussian vector of the last D - k coordinates onto the first of them.
            double squares = 0;
            for (int i = k; i < features; i++) squares += Math.Pow(vectors[k, i] = Gaussian(random), 2);
            vectors[k, k] += Math.CopySign(Math.Sqrt(squares), vectors[k, k]);
        }
        return new(features, tensor(vectors, dtype: get_default_dtype(), device: CPU));
    }

    private protected override Tensor Weight() => vectors.requires_grad ? Householder.Reflect(vectors, eye(Size, dtype: vectors.dtype, device: vectors.device)) : Householder.Product(vectors);

    private protected override Tensor InverseWeight() => Weight().t();

    private protected override Tensor? LogAbsDet() => null;

    private static Tensor Initial(long features, long? reflections)
    {
        Guard.Size(features, least: 1);
        Guard.Size(reflections ?? 1, least: 1, nameof(reflections));
        return randn(reflections ?? features, features, dtype: get_default_dtype(), device: CPU);
    }

    // Box and Muller; 1 - u lies in (0, 1].
    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
