using TorchSharp.Modules;

namespace FlowKit.Training;

/// <summary>An exponential moving average of parameters: a += (1 - d)(p - a), where d = min(decay, (1 + step) / (10 + step)), so that the start is soon forgotten.</summary>
internal sealed class MovingAverage : IDisposable
{
    private readonly (string Name, Parameter Parameter, Tensor Average)[] all;
    private readonly double decay;

    public MovingAverage(IEnumerable<(string Name, Parameter Parameter)> parameters, double decay)
    {
        this.decay = decay;
        all = [.. parameters.Select(one => (one.Name, one.Parameter, one.Parameter.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>The averages by the parameters' names.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Memory => all.Select(one => KeyValuePair.Create(one.Name, one.Average));

    /// <summary>Takes the parameters in.</summary>
    /// <param name="step">Optimizer steps done, from 1.</param>
    public void Update(int step)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        double mix = 1 - Math.Min(decay, (1.0 + step) / (10 + step));
        foreach (var (_, parameter, average) in all) average.lerp_(parameter, mix);
    }

    /// <summary>Puts the averages where the parameters are and the other way round; a second time, everything is as it was.</summary>
    public void Swap()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (_, parameter, average) in all)
        {
            var kept = parameter.clone();
            parameter.copy_(average);
            average.copy_(kept);
        }
    }

    public void Dispose()
    {
        foreach (var (_, _, average) in all) average.Dispose();
    }
}
