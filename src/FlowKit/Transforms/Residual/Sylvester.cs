namespace FlowKit.Transforms;

/// <summary>f(z) = z + Q R tanh(R̃ Qᵀz + b): M planar layers at once, in an orthonormal frame Q of M directions.</summary>
/// <remarks>
/// <para>R and R̃ are upper triangles, so log|det| = sum of ln(1 + tanh'(a_i) r_ii r̃_ii), a = R̃ Qᵀz + b, exactly. Diagonals are tanh of free numbers, short of 1 by a millionth where
/// rounding would reach it: r_ii r̃_ii > -1 keeps f invertible. Q is the first M columns of a product of M Householder reflections. van den Berg et al. 2018, arXiv:1803.05649, theorem 2 and section 3.2.</para>
/// <para>The inverse, which the paper leaves out: Qᵀy = s + R tanh(a) gives R̃ Qᵀy + b = a + R̃ R tanh(a), a triangular system solved from the last
/// coordinate up, each a scalar monotone equation; then z = y - Q R tanh(a).</para>
/// <para>Direction: Forward is the paper's f, which there carries base to sample; a flow trained through its samples uses <c>sylvester.Inverted</c>.</para>
/// <para>It starts at the identity (R = 0). Shapes: z is (B, D). With a context, every parameter is read from it.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var sylvester = new Sylvester(features: 8, columns: 3);
/// foreach (var weight in sylvester.parameters()) nn.init.normal_(weight);
/// var x = randn(10, 8);
/// var (z, logDet) = sylvester.Forward(x);
/// Console.WriteLine(sylvester.Inverse(z).X.allclose(x, atol: 1e-4));  // => True
/// </code></example>
public sealed class Sylvester : Transform
{
    private const double Most = 1 - 1e-6;

    private readonly ContextParameters theta;
    private readonly long features;
    private readonly long columns;

    /// <summary>A Sylvester layer.</summary>
    /// <param name="features">D >= 2.</param>
    /// <param name="columns">M, 1 &lt;= M &lt;= D.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="hidden">Hidden widths of the network that reads the context; none makes it linear.</param>
    public Sylvester(long features, long columns, Shape? contextShape = null, IReadOnlyList<long>? hidden = null) : base(nameof(Sylvester))
    {
        Guard.Size(features, least: 2);
        Guard.Size(columns, least: 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, features);
        (this.features, this.columns) = (features, columns);
        var vectors = randn(columns, features, dtype: get_default_dtype(), device: CPU);
        var triangles = (randn(columns, columns + 1, dtype: vectors.dtype, device: CPU) * 0.1 + eye(columns, columns + 1, dtype: vectors.dtype, device: CPU)).tril();
        theta = new ContextParameters(cat([vectors.flatten(), triangles.flatten(), zeros(columns, dtype: vectors.dtype, device: CPU)]), contextShape, hidden);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape? ContextShape => theta.ContextShape;

    /// <inheritdoc/>
    public override Shape DataShape => [features];

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (q, r, tilde, b) = Parameters(context);
        var tanh = (Apply(tilde, Apply(q.mT, x)) + b).tanh();
        return (x + Apply(q, Apply(r, tanh)), LogDet(tanh, r, tilde));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (q, r, tilde, b) = Parameters(context);
        var target = Apply(tilde, Apply(q.mT, z)) + b;
        var tanh = SolveTriangle(tilde.matmul(r), target);
        return (z - Apply(q, Apply(r, tanh)), -LogDet(tanh, r, tilde));
    }

    // tanh(a) for a + T tanh(a) = target, T an upper triangle.
    private Tensor SolveTriangle(Tensor triangle, Tensor target)
    {
        var rest = target;                                                   // less the terms of the coordinates solved
        var tanh = new Tensor[columns];
        for (long i = columns - 1; i >= 0; i--)
        {
            var t = rest.select(1, i);
            tanh[i] = TanhEquation.Solve(triangle.select(1, i).select(1, i).expand_as(t), t).tanh();
            rest = rest - triangle.select(2, i) * tanh[i].unsqueeze(1);
        }
        return stack(tanh, dim: 1);
    }

    // Q (., D, M), R and R̃ (., M, M), b (., M); the leading size is 1 or B.
    private (Tensor Q, Tensor R, Tensor Tilde, Tensor B) Parameters(Tensor? context)
    {
        var parts = theta.Read(context, columns * features, columns * (columns + 1), columns);
        var q = Householder.Reflect(parts[0].unflatten(1, [columns, features]), eye(features, columns, dtype: parts[0].dtype, device: parts[0].device));
        var triangles = parts[1].unflatten(1, [columns, columns + 1]);       // R above, R̃ᵀ on and below the main diagonal
        return (q, Triangle(triangles.narrow(2, 1, columns)), Triangle(triangles.narrow(2, 0, columns).mT), parts[2]);
    }

    private static Tensor Triangle(Tensor free) => free.triu(1) + (free.diagonal(0, 1, 2).tanh() * Most).diag_embed();

    private static Tensor Apply(Tensor matrix, Tensor vectors) => matrix.matmul(vectors.unsqueeze(2)).squeeze(2);

    private static Tensor LogDet(Tensor tanh, Tensor r, Tensor tilde) =>
        ((1 - tanh.square()) * (r.diagonal(0, 1, 2) * tilde.diagonal(0, 1, 2))).log1p().sum(1);
}
