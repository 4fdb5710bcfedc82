using TorchSharp.Modules;

namespace FlowKit.Training;

/// <summary>Adam with decoupled weight decay and clipping of the whole gradient's norm, in one sweep over each parameter.</summary>
/// <remarks>
/// <para>Kingma, Ba 2015, arXiv:1412.6980, algorithm 1; Loshchilov, Hutter 2019, arXiv:1711.05101, algorithm 2. The numbers are those of torch's AdamW after clip_grad_norm_.</para>
/// <para>An optimizer of tensor operations makes ten calls a parameter and reads a large one ten times; here parameter, gradient and both moments pass
/// through the registers once, and a small parameter costs three calls. Gradients are dropped, not zeroed, so that backward hands its own over without a copy.
/// Parameters stay ordinary tensors. On other devices, and in half precision, the same formulas run as tensor operations.</para>
/// </remarks>
internal sealed class FusedAdam : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly Moments[] all;
    private readonly double weightDecay;
    private int steps;

    public FusedAdam(IEnumerable<Parameter> parameters, double weightDecay = 0)
    {
        this.weightDecay = weightDecay;
        all = [.. parameters.Select(parameter => new Moments(parameter))];
    }

    /// <summary>Forgets the gradients of the step before.</summary>
    public void Clear()
    {
        foreach (var one in all) one.Parameter.grad = null;
    }

    /// <summary>One step down the gradients; parameters without one stay as they are.</summary>
    /// <param name="rate">Learning rate of this step, >= 0.</param>
    /// <param name="clip">Largest norm of the whole gradient; infinity turns clipping off.</param>
    public void Step(double rate, double clip)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        steps++;
        foreach (var one in all) one.TakeGradient();
        double scale = 1;
        if (double.IsFinite(clip)) scale = Math.Min(1, clip / (Math.Sqrt(all.Sum(one => one.SquaredNorm())) + 1e-6));

        var update = new AdamUpdate(
            Scale: scale, Beta1, Beta2, Epsilon, Decay: 1 - rate * weightDecay,
            Rate: rate / (1 - Math.Pow(Beta1, steps)), Correction: 1 / Math.Sqrt(1 - Math.Pow(Beta2, steps)));
        foreach (var one in all) one.Apply(update);
    }

    public void Dispose()
    {
        foreach (var one in all) one.Dispose();
    }
}
