namespace FlowKit.Inference;

/// <summary>The principal components of a flow's latents over data: directions along which images change most, to be walked from any of them.</summary>
/// <remarks>
/// Ardizzone et al. 2019, arXiv:1907.02392, section 4.1: of a flow given its condition, each direction is a property that the condition leaves open, such as a slant or a width. A flow that is trained to the end has latents
/// of covariance I and no direction stands out; what does shows where the model and the data differ.
/// </remarks>
/// <example><code>
/// // Latents that vary most along (1, 1).
/// manual_seed(0);
/// var flow = new Flow(new DiagonalScaling(2), new StandardNormal(2));
/// var x = randn(2000, 1) * tensor(new[,] { { 1f, 1 } }) + 0.1 * randn(2000, 2);
/// var directions = LatentDirections.Of(flow, x);
/// Console.WriteLine(directions.Deviations.npstr(fltFormat: "F0"));                       // => [1, 0]
/// Console.WriteLine(directions.Move(flow, zeros(1, 2), direction: 0, amounts: [-1, 1]));  // => [2x2], type = Float32, device = cpu
/// </code></example>
public sealed class LatentDirections
{
    private LatentDirections(Tensor center, Tensor directions, Tensor deviations) => (Center, Directions, Deviations) = (center, directions, deviations);

    /// <summary>The mean of the latents, (D).</summary>
    public Tensor Center { get; }

    /// <summary>Orthonormal rows, (K, D), the one of the largest variance first; the sign of each is that of its largest number.</summary>
    public Tensor Directions { get; }

    /// <summary>The standard deviation of the latents along each, (K).</summary>
    public Tensor Deviations { get; }

    /// <summary>The components of f(x; c) over a data set.</summary>
    /// <param name="flow">A trained flow whose latents are vectors, or are flattened.</param>
    /// <param name="x">(N, EventShape...), N >= 2.</param>
    /// <param name="context">c, (N, ...), or (1, ...) for all; null for a flow without a condition.</param>
    /// <param name="count">K >= 1; null for all, at most N - 1.</param>
    /// <exception cref="ArgumentException">A shape does not fit the flow, or there are fewer than two rows.</exception>
    public static LatentDirections Of(Flow flow, Tensor x, Tensor? context = null, int? count = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        Guard.Batch(x, flow.EventShape);
        if (x.size(0) < 2) throw new ArgumentException($"x has shape {Guard.Describe(x)}; expected at least two rows.", nameof(x));
        ArgumentOutOfRangeException.ThrowIfLessThan(count ?? 1, 1, nameof(count));
        using var mode = new EvaluationMode(flow);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var z = flow.Transform.Forward(x, context).Z.flatten(1).to(float64);
        var center = z.mean([0]);
        var (_, s, rows) = linalg.svd(z - center, fullMatrices: false);
        long kept = Math.Min(count ?? long.MaxValue, Math.Min(rows.size(0), x.size(0) - 1));
        rows = rows.narrow(0, 0, kept);
        rows = rows * rows.gather(1, rows.abs().argmax(1, keepdim: true)).sign();
        return new(Kept(center, x), Kept(rows, x), Kept(s.narrow(0, 0, kept) / Math.Sqrt(x.size(0) - 1), x));
    }

    /// <summary>x moved along a direction: f⁻¹(f(x; c) + a v sd; c) for each amount a, in standard deviations, (amounts, EventShape...).</summary>
    /// <param name="flow">The flow whose directions these are.</param>
    /// <param name="x">(1, EventShape...), where the walk passes at a = 0.</param>
    /// <param name="direction">0 to K - 1.</param>
    /// <param name="amounts">a, at least one.</param>
    /// <param name="context">c, (1, ...); null for a flow without a condition.</param>
    public Tensor Move(Flow flow, Tensor x, int direction, IReadOnlyList<double> amounts, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(amounts);
        Guard.Batch(x, flow.EventShape);
        if (x.size(0) != 1) throw new ArgumentException($"x has shape {Guard.Describe(x)}; expected one row.", nameof(x));
        if (direction < 0 || direction >= Directions.size(0)) throw new ArgumentOutOfRangeException(nameof(direction), direction, $"Expected 0 to {Directions.size(0) - 1}.");
        if (amounts.Count == 0) throw new ArgumentException("amounts is empty; expected at least one.", nameof(amounts));
        using var mode = new EvaluationMode(flow);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var z = flow.Transform.Forward(x, context).Z;
        var step = (Directions[direction] * Deviations[direction]).to(z.dtype).reshape([1, .. z.shape[1..]]);
        var at = tensor([.. amounts], dtype: z.dtype, device: z.device).reshape([amounts.Count, .. z.shape[1..].Select(_ => 1L)]);
        return scope.MoveToOuter(flow.Transform.Inverse(z + at * step, context).X);
    }

    private static Tensor Kept(Tensor of, Tensor like) => of.to(like.dtype).clone().DetachFromDisposeScope();
}
