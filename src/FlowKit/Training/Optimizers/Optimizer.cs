using System.Globalization;

namespace FlowKit.Training;

/// <summary>The rule by which gradients move parameters.</summary>
/// <remarks>
/// Weight decay is decoupled from the gradient, for every rule: p is multiplied by 1 - rate * decay (Loshchilov, Hutter 2019, arXiv:1711.05101).
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var options = new FitOptions { Steps = 30, Optimizer = Optimizer.AdamW(weightDecay: 1e-4), LearningRate = 5e-3 };
/// Trainer.Fit(Maf.Create(features: 2, layers: 2), new Banana(), options);
/// Console.WriteLine(options.Optimizer);           // => AdamW(weightDecay: 0.0001, beta1: 0.9, beta2: 0.999)
/// Console.WriteLine(Optimizer.Sgd(momentum: 0));  // => Sgd(momentum: 0, weightDecay: 0)
/// </code></example>
public sealed class Optimizer
{
    private const double Epsilon = 1e-8;

    private readonly string text;
    private readonly Func<double, int, double, IUpdate> update;

    private Optimizer(FormattableString text, int memories, Func<double, int, double, IUpdate> update) =>
        (this.text, Memories, this.update) = (text.ToString(CultureInfo.InvariantCulture), memories, update);

    /// <summary>How many tensors of the parameter's size it remembers: 1 or 2.</summary>
    internal int Memories { get; }

    /// <summary>Adam: Kingma, Ba 2015, arXiv:1412.6980, algorithm 1.</summary>
    /// <param name="beta1">Decay of the mean of g, in [0, 1).</param>
    /// <param name="beta2">Decay of the mean of g², in [0, 1).</param>
    public static Optimizer Adam(double beta1 = 0.9, double beta2 = 0.999) => AdamW(0, beta1, beta2);

    /// <summary>Adam with decoupled weight decay: Loshchilov, Hutter 2019, arXiv:1711.05101, algorithm 2.</summary>
    /// <param name="weightDecay">>= 0.</param>
    /// <param name="beta1">Decay of the mean of g, in [0, 1).</param>
    /// <param name="beta2">Decay of the mean of g², in [0, 1).</param>
    public static Optimizer AdamW(double weightDecay = 0.01, double beta1 = 0.9, double beta2 = 0.999)
    {
        CheckDecay(weightDecay);
        CheckMix(beta1, nameof(beta1));
        CheckMix(beta2, nameof(beta2));
        return new($"AdamW(weightDecay: {weightDecay}, beta1: {beta1}, beta2: {beta2})", 2, (rate, step, scale) => new AdamUpdate(
            scale, beta1, beta2, Epsilon, Decay: 1 - rate * weightDecay,
            Rate: rate / (1 - Math.Pow(beta1, step)), Correction: 1 / Math.Sqrt(1 - Math.Pow(beta2, step))));
    }

    /// <summary>Adam by the largest gradient seen instead of the mean of squares: Kingma, Ba 2015, arXiv:1412.6980, algorithm 2.</summary>
    /// <param name="weightDecay">>= 0.</param>
    /// <param name="beta1">Decay of the mean of g, in [0, 1).</param>
    /// <param name="beta2">Decay of the largest |g|, in [0, 1).</param>
    public static Optimizer Adamax(double weightDecay = 0, double beta1 = 0.9, double beta2 = 0.999)
    {
        CheckDecay(weightDecay);
        CheckMix(beta1, nameof(beta1));
        CheckMix(beta2, nameof(beta2));
        return new($"Adamax(weightDecay: {weightDecay}, beta1: {beta1}, beta2: {beta2})", 2, (rate, step, scale) => new AdamaxUpdate(
            scale, beta1, beta2, Epsilon, Decay: 1 - rate * weightDecay, Rate: rate / (1 - Math.Pow(beta1, step))));
    }

    /// <summary>Stochastic gradient descent with momentum: m = momentum m + g, p -= rate m.</summary>
    /// <param name="momentum">In [0, 1); 0 for none.</param>
    /// <param name="weightDecay">>= 0.</param>
    public static Optimizer Sgd(double momentum = 0.9, double weightDecay = 0)
    {
        CheckDecay(weightDecay);
        CheckMix(momentum, nameof(momentum));
        return new($"Sgd(momentum: {momentum}, weightDecay: {weightDecay})", 1, (rate, _, scale) => new SgdUpdate(
            scale, momentum, Decay: 1 - rate * weightDecay, rate));
    }

    /// <summary>The rule and its numbers.</summary>
    public override string ToString() => text;

    /// <summary>The numbers of one step.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="step">From 1.</param>
    /// <param name="scale">What gradients are multiplied by.</param>
    internal IUpdate Update(double rate, int step, double scale) => update(rate, step, scale);

    private static void CheckDecay(double weightDecay)
    {
        if (!(weightDecay >= 0)) throw new ArgumentOutOfRangeException(nameof(weightDecay), weightDecay, "Expected a number >= 0.");
    }

    private static void CheckMix(double value, string name)
    {
        if (value is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(name, value, "Expected a number in [0, 1).");
    }
}
