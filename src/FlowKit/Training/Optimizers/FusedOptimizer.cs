using TorchSharp.Modules;

namespace FlowKit.Training;

/// <summary>An optimizer with clipping of the whole gradient's norm, in one sweep over each parameter.</summary>
/// <remarks>
/// <para>The numbers are those of torch's optimizers after clip_grad_norm_.</para>
/// <para>An optimizer of tensor operations makes ten calls per parameter and reads a large one ten times; here the parameter, its gradient and its moments pass
/// through the registers once, and a small parameter costs three calls. Gradients are dropped, not zeroed, so that backward hands its own over without a copy;
/// operations of our own write theirs into a <see cref="GradientSink"/>.
/// Parameters stay ordinary tensors. On other devices, and in half precision, the same formulas run as tensor operations.</para>
/// </remarks>
internal sealed class FusedOptimizer : IDisposable
{
    private readonly Moments[] all;
    private readonly Optimizer rule;
    private readonly GradientSink sink;

    /// <summary>An optimizer of these parameters by a rule.</summary>
    public FusedOptimizer(IEnumerable<(string Name, Parameter Parameter)> parameters, Optimizer rule)
    {
        this.rule = rule;
        all = [.. parameters.Select(parameter => new Moments(parameter.Name, parameter.Parameter, rule.Memories))];
        sink = new(all.Where(one => one.IsPlain).Select(one => one.Parameter));
    }

    /// <summary>Steps taken.</summary>
    public int Steps { get; set; }

    /// <summary>What it remembers, by the parameters' names.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Memory => all.SelectMany(one => one.Memory);

    /// <summary>Forgets the gradients of the step before.</summary>
    public void Clear()
    {
        foreach (var one in all) one.Parameter.grad = null;
        sink.Clear();
    }

    /// <summary>The gradient of a loss, added to what is there.</summary>
    public void Backward(Tensor loss)
    {
        using var reception = sink.Receive();
        loss.backward();
    }

    /// <summary>One step down the gradients; parameters without one stay as they are.</summary>
    /// <param name="rate">Learning rate of this step, >= 0.</param>
    /// <param name="clip">Largest norm of the whole gradient; infinity turns clipping off.</param>
    /// <param name="batches">How many batches' gradients were added up; their mean is followed.</param>
    /// <returns>Null; or, with nothing changed, the parameter nearest to the loss whose gradient is not finite.</returns>
    public string? Step(double rate, double clip, int batches = 1)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var one in all) one.TakeGradient(sink);
        double norm = Math.Sqrt(all.Sum(one => one.SquaredNorm())) / batches;
        if (!double.IsFinite(norm) && all.LastOrDefault(one => !one.IsFinite()) is { } broken) return broken.Name;

        Steps++;
        var update = rule.Update(rate, Steps, scale: (double.IsFinite(clip) ? Math.Min(1, clip / (norm + 1e-6)) : 1) / batches);
        foreach (var one in all) one.Apply(update);
        return null;
    }

    public void Dispose()
    {
        foreach (var one in all) one.Dispose();
        sink.Dispose();
    }
}
