using FlowKit.Training;

namespace FlowKit.Inference;

/// <summary>Directions in a flow's latents to be walked from any of them: the principal components over data, along which images change most, or the way from one kind of data to another.</summary>
/// <remarks>
/// <para>Ardizzone et al. 2019, arXiv:1907.02392, section 4.1: of a flow given its condition, each component is a property that the condition leaves open, such as a slant or a width. A flow that is trained to the end has
/// latents of covariance I and no direction stands out; what does shows where the model and the data differ.</para>
/// <para>Kingma, Dhariwal 2018, arXiv:1807.03039, section 6: the mean latent of images with an attribute, less that of images without it, adds the attribute to an image.</para>
/// </remarks>
/// <example><code>
/// // Latents that vary most along (1, 1).
/// manual_seed(0);
/// var flow = new Flow(new DiagonalScaling(2), new StandardNormal(2));
/// var x = randn(2000, 1) * tensor(new[,] { { 1f, 1 } }) + 0.1 * randn(2000, 2);
/// var directions = LatentDirections.Of(flow, x);
/// Console.WriteLine(directions.Deviations.npstr(fltFormat: "F0"));                       // => [1, 0]
/// Console.WriteLine(directions.Move(flow, zeros(1, 2), direction: 0, amounts: [-1, 1]));  // => [2x2], type = Float32, device = cpu
///
/// // From points around (0, 0) to points around (3, 4), and as far in random directions.
/// var attribute = LatentDirections.Between(flow, with: randn(2000, 2) + tensor(new[] { 3f, 4 }), without: randn(2000, 2));
/// Console.WriteLine(attribute.Move(flow, zeros(5, 2), direction: 0, amounts: [1])[4].npstr(fltFormat: "F0"));   // => [3, 4]
/// Console.WriteLine(attribute.Random(count: 4).Deviations.npstr(fltFormat: "F0"));       // => [5, 5, 5, 5]
/// </code></example>
public sealed class LatentDirections
{
    private LatentDirections(Tensor center, Tensor directions, Tensor deviations) => (Center, Directions, Deviations) = (center, directions, deviations);

    /// <summary>The mean of the latents, (D); between two kinds of data, the middle of their means.</summary>
    public Tensor Center { get; }

    /// <summary>Rows of length 1, (K, D). Components are orthogonal, the one of the largest variance first, and the sign of each is that of its largest number.</summary>
    public Tensor Directions { get; }

    /// <summary>How far an amount of 1 moves along each, (K): the standard deviation of the latents along a component, or the distance of the two means.</summary>
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
        var (z, dtype) = Latents(flow, x, context, nameof(x));
        var center = z.mean([0]);
        var (_, s, rows) = linalg.svd(z - center, fullMatrices: false);
        long kept = Math.Min(count ?? long.MaxValue, Math.Min(rows.size(0), x.size(0) - 1));
        rows = rows.narrow(0, 0, kept);
        rows = rows * rows.gather(1, rows.abs().argmax(1, keepdim: true)).sign();
        return new(Kept(center, dtype), Kept(rows, dtype), Kept(s.narrow(0, 0, kept) / Math.Sqrt(x.size(0) - 1), dtype));
    }

    /// <summary>One direction, the mean of f(x; c) over data with an attribute less that over data without it; an amount of 1 moves by this difference.</summary>
    /// <param name="flow">A trained flow.</param>
    /// <param name="with">(N, EventShape...), N >= 1, and contexts for a conditional flow.</param>
    /// <param name="without">(M, EventShape...), M >= 1, and contexts for a conditional flow.</param>
    /// <exception cref="ArgumentException">A shape does not fit the flow, a set is empty, or both have the same mean.</exception>
    public static LatentDirections Between(Flow flow, Dataset with, Dataset without)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(with);
        ArgumentNullException.ThrowIfNull(without);
        Training.Trainer.Check(flow, with, nameof(with));
        Training.Trainer.Check(flow, without, nameof(without));
        using var mode = new EvaluationMode(flow);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (one, dtype) = Latents(flow, with.X, with.Context, nameof(with));
        var (from, to) = (Latents(flow, without.X, without.Context, nameof(without)).Z.mean([0]), one.mean([0]));
        var length = (to - from).norm();
        if (!(length.ToDouble() > 0)) throw new ArgumentException("The latents of both sets have the same mean; there is no direction from one to the other.", nameof(without));
        return new(Kept((from + to) / 2, dtype), Kept(((to - from) / length).unsqueeze(0), dtype), Kept(length.unsqueeze(0), dtype));
    }

    /// <summary>Directions drawn uniformly, along which an amount of 1 moves as far as along the first of these: the control of an experiment.</summary>
    /// <param name="count">How many, >= 1.</param>
    public LatentDirections Random(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var scope = NewDisposeScope();
        var rows = randn([count, Directions.size(1)], dtype: Directions.dtype, device: Directions.device);
        return new(Kept(Center, Center.dtype), Kept(rows / rows.norm(1, keepdim: true), rows.dtype), Kept(Deviations[..1].expand(count), rows.dtype));
    }

    /// <summary>x moved along a direction: f⁻¹(f(x; c) + a v; c) with v the direction times its deviation, (B, EventShape...): one row at each amount, every row by one amount, or each row by its own.</summary>
    /// <param name="flow">The flow whose directions these are.</param>
    /// <param name="x">(B, EventShape...) with B = 1, or any B for one amount or B of them.</param>
    /// <param name="direction">0 to K - 1.</param>
    /// <param name="amounts">a, at least one; at 0 the walk passes x.</param>
    /// <param name="context">c, (B, ...), or (1, ...) for all; null for a flow without a condition.</param>
    /// <exception cref="ArgumentException">A shape does not fit the flow, the directions are another flow's, or rows and amounts do not fit each other.</exception>
    public Tensor Move(Flow flow, Tensor x, int direction, IReadOnlyList<double> amounts, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(amounts);
        Guard.Batch(x, flow.EventShape);
        if (direction < 0 || direction >= Directions.size(0)) throw new ArgumentOutOfRangeException(nameof(direction), direction, $"Expected 0 to {Directions.size(0) - 1}.");
        if (amounts.Count == 0) throw new ArgumentException("amounts is empty; expected at least one.", nameof(amounts));
        if (x.size(0) != 1 && amounts.Count != 1 && amounts.Count != x.size(0))
            throw new ArgumentException($"x has shape {Guard.Describe(x)}, and there are {amounts.Count} amounts; expected one row, one amount, or as many of both.", nameof(x));
        using var mode = new EvaluationMode(flow);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (z, logDet) = flow.Transform.Forward(x, context);
        Guard.Support(logDet, nameof(x));
        long size = z.shape[1..].Aggregate(1L, (product, one) => product * one);
        if (size != Directions.size(1))
            throw new ArgumentException($"The flow has latents of {size} numbers; the directions are of {Directions.size(1)}.", nameof(flow));
        var step = (Directions[direction] * Deviations[direction]).to(z.dtype).reshape([1, .. z.shape[1..]]);
        var at = tensor([.. amounts], dtype: z.dtype, device: z.device).reshape([amounts.Count, .. z.shape[1..].Select(_ => 1L)]);
        return scope.MoveToOuter(flow.Transform.Inverse(z + at * step, context).X);
    }

    // (N, D) in double precision, and the precision the flow gives them in.
    private static (Tensor Z, ScalarType Dtype) Latents(Flow flow, Tensor x, Tensor? context, string name)
    {
        var (z, logDet) = flow.Transform.Forward(x, context);
        Guard.Support(logDet, name);
        return (z.flatten(1).to(float64), z.dtype);
    }

    private static Tensor Kept(Tensor of, ScalarType dtype) => of.to(dtype).clone().DetachFromDisposeScope();
}
