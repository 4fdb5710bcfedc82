using TorchSharp.Modules;

namespace FlowKit.Training;

/// <summary>Reports a running training: its progress a few times a second, and its history to TensorBoard.</summary>
internal sealed class TrainingReport(FitOptions options)
{
    private static readonly TimeSpan every = TimeSpan.FromMilliseconds(200);

    private readonly IProgress<TrainingProgress>? progress = options.Progress ?? TrainingHost.Progress;
    private readonly SummaryWriter? board = options.TensorBoard is { } folder ? torch.utils.tensorboard.SummaryWriter(folder) : null;
    private TimeSpan last;
    private double sum;
    private double? latest;
    private int count;

    /// <summary>A step is done.</summary>
    /// <param name="state">Where the training stands now.</param>
    /// <param name="loss">The step's.</param>
    /// <param name="isLast">Whether it was the last one.</param>
    public void Step(TrainingState state, double loss, bool isLast)
    {
        (sum, count) = (sum + loss, count + 1);
        if (state.Elapsed - last >= every || isLast) Tell(state, isLast);
    }

    /// <summary>No other step will come, though this was not the last one. An exception is on its way, which a receiver that fails must not hide.</summary>
    public void Stop(TrainingState state)
    {
        if (latest is null && count == 0) return;         // no step was made here
        try
        {
            Tell(state, isLast: true);
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"The end of '{options.Name}' could not be shown: {e.Message}");
        }
    }

    private void Tell(TrainingState state, bool isLast)
    {
        if (count > 0) latest = sum / count;
        progress?.Report(new(options.Name, state.Step, options.Steps, latest ?? double.NaN, state.Validation.Count > 0 ? state.Validation[^1].Loss : null, state.Elapsed) { IsLast = isLast });
        (last, sum, count) = (state.Elapsed, 0, 0);
    }

    /// <summary>A number of the history.</summary>
    public void Write(string tag, double value, TrainingState state) => board?.add_scalar(tag, (float)value, state.Step, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
}
