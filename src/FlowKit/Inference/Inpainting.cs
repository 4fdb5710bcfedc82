using FlowKit.Distributions;

namespace FlowKit.Inference;

/// <summary>Fills in the hidden part of examples whose other part is seen, such as half of a picture: by a density's gradient, a neighbor, or a Gaussian.</summary>
/// <remarks>
/// <para>Shapes: x is (B, ...); hidden is bool, true where x is to be filled in, and of the shape of one example, (...), or of all, (B, ...). A result has the shape and type of x, equals x
/// exactly wherever x is seen, and carries no gradient.</para>
/// <para>Ascent: Dinh, Krueger, Bengio 2015, arXiv:1410.8516, section 5.2. The other fills are what it is judged against.</para>
/// </remarks>
/// <example><code>
/// // The lower half of a digit from the upper one.
/// var (train, _, test) = Digits.Split();
/// var (known, given) = (train.Images / 16, test.Images / 16);
/// var hidden = HiddenPixels.All(8, 8).Single(region => region.Name == "bottom rows").Mask.flatten();
/// var mean = Inpainting.Mean(known, given, hidden);
/// var neighbor = Inpainting.NearestNeighbor(known, given, hidden);
/// var gaussian = Inpainting.GaussianConditionalMean(known, given, hidden, epsilon: 1e-3);
/// foreach (var filled in new[] { mean, neighbor, gaussian })
///     Console.WriteLine($"{Inpainting.RootMeanSquare(filled, given, hidden).Mean:F2}");
/// // => 0.28
/// // => 0.26
/// // => 0.23
/// </code></example>
public static class Inpainting
{
    private const double Steepest = 1e15;          // its square is still a float32
    private const long Block = 4096;               // training examples whose distances are computed at once

    /// <summary>Climbs log p(x | c) in the hidden coordinates H with noise: x_H becomes Π(x_H + α_i (∂ log p / ∂x_H + ε)), Π the projection onto the bounds.</summary>
    /// <remarks>
    /// It starts at the hidden values of x, projected: give a good start there, as <see cref="Mean"/>. A derivative that is NaN counts as 0 and an infinite one as large, so that the result is
    /// finite even where the density is not. The model is used in evaluation mode and its parameters receive no gradients. With the same seed, fewer steps give a prefix of the same path.
    /// </remarks>
    /// <param name="density">p; a flow of dequantized data without its dequantization.</param>
    /// <param name="x">Seen coordinates, and where the hidden ones start, (B, EventShape...), floating-point and finite.</param>
    /// <param name="hidden">True where x is to be filled in, (EventShape...) or (B, EventShape...).</param>
    /// <param name="options">How; null for the paper's settings.</param>
    /// <param name="context">One row an example, for a conditional density.</param>
    /// <exception cref="ArgumentException">A shape or type does not fit, x is not finite, or log p has no gradient with respect to x.</exception>
    public static Tensor Ascend(Distribution density, Tensor x, Tensor hidden, AscentOptions? options = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(density);
        Guard.Batch(x, density.EventShape);
        CheckReal(x);
        CheckHidden(x, hidden);
        options ??= new();
        options.Check();

        using var mode = new EvaluationMode(density);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var mask = hidden.expand(x.shape);
        var at = where(mask, x.clamp(options.Low, options.High), x);
        var (mean, square) = (zeros_like(at), zeros_like(at));
        for (int i = 0; i < options.Steps; i++)
        {
            using var step = NewDisposeScope();
            var direction = Gradient(density, at, context);
            if (options.Precondition)
            {
                mean.lerp_(direction, 1 - options.Momentum);
                square.lerp_(direction.square(), 1 - options.SquareMomentum);
                direction = mean / (square.sqrt() + 1e-8);
            }
            if (options.Noise > 0) direction += randn_like(at) * options.Noise;
            at.copy_(where(mask, (at + direction * options.StepSize(i)).clamp(options.Low, options.High), x));
        }
        return scope.MoveToOuter(at);
    }

    /// <summary>Hidden coordinates from the mean of the training examples.</summary>
    /// <param name="training">(N, ...), N >= 1, examples of the shape of one x.</param>
    /// <param name="x">(B, ...).</param>
    /// <param name="hidden">(...) or (B, ...).</param>
    /// <exception cref="ArgumentException">A shape or type does not fit, or a value is not finite.</exception>
    public static Tensor Mean(Tensor training, Tensor x, Tensor hidden)
    {
        CheckFill(training, x, hidden);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(where(hidden, SecondMoments.Mean(training).to(x.dtype), x));
    }

    /// <summary>Hidden coordinates from the training example that is nearest in the seen ones, by Euclidean distance.</summary>
    /// <inheritdoc cref="Mean"/>
    public static Tensor NearestNeighbor(Tensor training, Tensor x, Tensor hidden)
    {
        CheckFill(training, x, hidden);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var seen = hidden.expand(x.shape).flatten(1).logical_not().to(float64);            // (B, D)
        var given = x.flatten(1).to(float64) * seen;
        var nearest = zeros(x.size(0), dtype: int64, device: x.device);
        var least = full(x.size(0), double.PositiveInfinity, dtype: float64, device: x.device);
        for (long start = 0; start < training.size(0); start += Block)
        {
            using var block = NewDisposeScope();
            var some = training.narrow(0, start, Math.Min(Block, training.size(0) - start)).flatten(1).to(float64);
            var distance = seen.mm(some.square().t()) - given.mm(some.t()) * 2;            // (B, n), less |given|², which is the same for all
            var (best, row) = distance.min(1);
            var closer = best < least;
            nearest.copy_(where(closer, row + start, nearest));
            least.copy_(where(closer, best, least));
        }
        return scope.MoveToOuter(where(hidden, training.index_select(0, nearest).to(x.dtype), x));
    }

    /// <summary>Hidden coordinates from their mean given the seen ones under the Gaussian with the mean and covariance C + ε I of the training examples.</summary>
    /// <remarks>Of all fills that are affine in what is seen, it has the least mean square error. C is the covariance with divisor N.</remarks>
    /// <param name="training">(N, ...), N >= 1, examples of the shape of one x.</param>
    /// <param name="x">(B, ...).</param>
    /// <param name="hidden">(...) or (B, ...).</param>
    /// <param name="epsilon">ε >= 0, in squared units of the data.</param>
    /// <exception cref="ArgumentException">A shape or type does not fit, a value is not finite, or the covariance of the seen coordinates is singular.</exception>
    public static Tensor GaussianConditionalMean(Tensor training, Tensor x, Tensor hidden, double epsilon = 1e-6)
    {
        CheckFill(training, x, hidden);
        if (!(epsilon >= 0) || !double.IsFinite(epsilon)) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Expected a finite number >= 0.");
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (mean, covariance) = SecondMoments.Of(training.flatten(1));
        return scope.MoveToOuter(Condition(mean, covariance + eye(mean.size(0), dtype: float64, device: mean.device) * epsilon, x, hidden));
    }

    /// <summary>Hidden coordinates from their mean given the seen ones under N(m, C): m_H + C_HS C_SS⁻¹ (x_S - m_S), by Cholesky's decomposition in float64.</summary>
    /// <param name="mean">m, (D), D the number of coordinates of one example, in the order of its memory.</param>
    /// <param name="covariance">C, (D, D): symmetric, and positive definite in the seen coordinates.</param>
    /// <param name="x">(B, ...).</param>
    /// <param name="hidden">(...) or (B, ...).</param>
    /// <exception cref="ArgumentException">A shape or type does not fit, a value is not finite, or the covariance of the seen coordinates is singular.</exception>
    public static Tensor GaussianConditionalMean(Tensor mean, Tensor covariance, Tensor x, Tensor hidden)
    {
        CheckExamples(x, hidden);
        Guard.Number(mean);
        Guard.Number(covariance);
        long features = x.numel() / Math.Max(x.size(0), 1);
        if (x.size(0) > 0 && (mean.Dimensions != 1 || mean.size(0) != features)) throw new ArgumentException($"mean has shape {Guard.Describe(mean)}; expected ({features},).", nameof(mean));
        if (covariance.Dimensions != 2 || covariance.size(0) != mean.size(0) || covariance.size(1) != mean.size(0))
            throw new ArgumentException($"covariance has shape {Guard.Describe(covariance)}; expected ({mean.size(0)}, {mean.size(0)}).", nameof(covariance));
        Guard.Finite(mean);
        Guard.Finite(covariance);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Condition(mean.to(float64), covariance.to(float64), x, hidden));
    }

    /// <summary>Root of the mean square error of the hidden coordinates over all examples, with the standard error that follows from the spread over examples.</summary>
    /// <param name="completed">(B, ...), B >= 1.</param>
    /// <param name="truth">Of the same shape.</param>
    /// <param name="hidden">(...) or (B, ...), with at least one hidden coordinate.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or nothing is hidden.</exception>
    public static Estimate RootMeanSquare(Tensor completed, Tensor truth, Tensor hidden)
    {
        Guard.Number(completed);
        Guard.Number(truth);
        if (completed.Dimensions < 2 || completed.numel() == 0) throw new ArgumentException($"completed has shape {Guard.Describe(completed)}; expected (B, ...) with B >= 1.", nameof(completed));
        if (!completed.shape.SequenceEqual(truth.shape)) throw new ArgumentException($"truth has shape {Guard.Describe(truth)}; expected that of completed, {Guard.Describe(completed)}.", nameof(truth));
        CheckHidden(completed, hidden);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var mask = hidden.expand(completed.shape).flatten(1).to(float64);
        var square = ((completed.to(float64) - truth.to(float64)).flatten(1) * mask).square().sum(1);
        double count = mask.sum().ToDouble() / mask.size(0);                                // hidden coordinates an example
        if (count == 0) throw new ArgumentException("hidden is false everywhere: there is no error to measure.", nameof(hidden));
        double ratio = (square.sum() / mask.sum()).ToDouble(), root = Math.Sqrt(ratio);
        var each = Estimate.Of((square - mask.sum(1) * ratio) / count);                     // a ratio's error: examples may hide different numbers of coordinates
        return new(root, root > 0 ? each.StandardError / (2 * root) : each.StandardError, each.Count);
    }

    private static Tensor Gradient(Distribution density, Tensor at, Tensor? context)
    {
        using var enabled = enable_grad();
        var x = at.detach().requires_grad_();
        var logProb = density.LogProb(x, context).sum();
        var gradient = logProb.requires_grad ? autograd.grad([logProb], [x], allow_unused: true)[0] : null;
        return gradient is { IsInvalid: false }
            ? gradient.nan_to_num(nan: 0, posinf: Steepest, neginf: -Steepest).clamp(-Steepest, Steepest)
            : throw new ArgumentException($"log p of {density.GetName()} has no gradient with respect to x, so that nothing says where to climb.", nameof(density));
    }

    private static Tensor Condition(Tensor mean, Tensor covariance, Tensor x, Tensor hidden)
    {
        var given = x.flatten(1).to(float64);                                               // (B, D)
        if (hidden.Dimensions < x.Dimensions || hidden.size(0) == 1) return where(hidden, Same(given, hidden.flatten()).reshape(x.shape).to(x.dtype), x);

        var filled = given.clone();
        var masks = hidden.flatten(1).cpu().contiguous();
        foreach (var rows in Enumerable.Range(0, (int)x.size(0)).GroupBy(row => Convert.ToHexString(masks[row].bytes)))
        {
            using var group = NewDisposeScope();
            var index = tensor([.. rows.Select(row => (long)row)], dtype: int64, device: x.device);
            filled.index_copy_(0, index, Same(given.index_select(0, index), hidden[rows.First()].flatten()));
        }
        return where(hidden, filled.reshape(x.shape).to(x.dtype), x);

        // One mask for all rows.
        Tensor Same(Tensor given, Tensor mask)
        {
            Tensor h = mask.nonzero().flatten(), s = mask.logical_not().nonzero().flatten();
            if (h.size(0) == 0) return given;
            var expected = mean.index_select(0, h).unsqueeze(1).expand(-1, given.size(0));  // (|H|, B)
            if (s.size(0) > 0)
            {
                var seenRows = covariance.index_select(0, s);                               // (|S|, D)
                var (scale, info) = linalg.cholesky_ex(seenRows.index_select(1, s), false);
                var pivots = scale.diagonal().square();                                     // rounding can hide a singular matrix from the decomposition
                if (info.item<int>() != 0 || pivots.min().ToDouble() <= 1e-14 * pivots.max().ToDouble())
                    throw new ArgumentException("The covariance of the seen coordinates is singular or not positive definite; a larger epsilon, added to its diagonal, makes it regular.", nameof(covariance));
                var white = linalg.solve_triangular(scale, (given.index_select(1, s) - mean.index_select(0, s)).t(), upper: false);
                var solved = linalg.solve_triangular(scale.t(), white, upper: true);        // C_SS⁻¹ (x_S - m_S), (|S|, B)
                expected = expected + seenRows.index_select(1, h).t().mm(solved);
            }
            return given.index_copy(1, h, expected.t());
        }
    }

    private static void CheckFill(Tensor training, Tensor x, Tensor hidden)
    {
        CheckExamples(x, hidden);
        Guard.Number(training);
        if (training.Dimensions != x.Dimensions || !training.shape[1..].SequenceEqual(x.shape[1..]) || training.size(0) == 0)
            throw new ArgumentException($"training has shape {Guard.Describe(training)}; expected {Guard.Describe(["N", .. x.shape[1..].Select(size => $"{size}")])} with N >= 1.", nameof(training));
        if (training.device_type != x.device_type) throw new ArgumentException($"training is on {training.device} and x on {x.device}; expected one device.", nameof(training));
        Guard.Finite(training);
    }

    private static void CheckExamples(Tensor x, Tensor hidden)
    {
        Guard.Number(x);
        if (x.Dimensions < 2 || x.shape[1..].Contains(0)) throw new ArgumentException($"x has shape {Guard.Describe(x)}; expected (B, ...).", nameof(x));
        CheckReal(x);
        CheckHidden(x, hidden);
    }

    private static void CheckReal(Tensor x)
    {
        Guard.Number(x);
        Guard.Floating(x, nameof(Inpainting), float32);
        Guard.Finite(x);
    }

    private static void CheckHidden(Tensor x, Tensor hidden)
    {
        Guard.Number(hidden);
        if (hidden.dtype != @bool) throw new ArgumentException($"hidden is {Guard.Name(hidden.dtype)}; expected bool, true where x is to be filled in.", nameof(hidden));
        if (hidden.device_type != x.device_type) throw new ArgumentException($"hidden is on {hidden.device} and x on {x.device}; expected one device.", nameof(hidden));
        bool one = hidden.shape.SequenceEqual(x.shape[1..]), all = hidden.Dimensions == x.Dimensions && hidden.shape[1..].SequenceEqual(x.shape[1..]) && (hidden.size(0) == x.size(0) || hidden.size(0) == 1);
        if (!one && !all)
            throw new ArgumentException($"hidden has shape {Guard.Describe(hidden)}; expected that of one example, {Guard.Describe(x.shape[1..].Select(size => $"{size}"))}, or of x, {Guard.Describe(x)}.", nameof(hidden));
    }
}
