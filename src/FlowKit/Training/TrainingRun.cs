using System.Diagnostics;
using TorchSharp.Modules;

namespace FlowKit.Training;

/// <summary>One training, from its first step to its history.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const int CollectEvery = 16;      // native scalars are freed by finalizers only: without this, memory grows megabytes a step
    private const int HistoryPoints = 200;
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(200);

    private readonly nn.Module model;
    private readonly FitOptions options;
    private readonly Func<double>? validate;
    private readonly FusedAdam optimizer;
    private readonly ThreadChoice threads;
    private readonly IProgress<TrainingProgress>? progress;
    private readonly List<HistoryPoint> train = [], validation = [];
    private readonly Dictionary<string, Tensor> best = [];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private double bestLoss = double.PositiveInfinity;
    private int bestStep;

    public TrainingRun(nn.Module model, FitOptions options, Func<double>? validate)
    {
        (this.model, this.options, this.validate) = (model, options, validate);
        Parameter[] parameters = [.. model.parameters().Where(parameter => parameter.requires_grad)];
        if (parameters.Length == 0) throw new ArgumentException($"{model.GetName()} has no trainable parameter.", nameof(model));

        optimizer = new FusedAdam(parameters, options.WeightDecay);
        progress = options.Progress ?? TrainingHost.Progress;
        threads = new ThreadChoice(options.Threads, options.Steps);
    }

    public History Go(Func<Tensor> loss)
    {
        double sumForHistory = 0, sumForReport = 0;
        int inHistory = 0, inReport = 0, historyEvery = Math.Max(1, options.Steps / HistoryPoints);
        var lastReport = TimeSpan.Zero;
        int step = 0;

        model.train();
        try
        {
            while (step < options.Steps)
            {
                options.Cancellation.ThrowIfCancellationRequested();
                TrainingHost.Cancellation.ThrowIfCancellationRequested();

                threads.BeforeStep();
                double value = Step(loss, step);
                step++;
                threads.AfterStep();

                (sumForHistory, sumForReport, inHistory, inReport) = (sumForHistory + value, sumForReport + value, inHistory + 1, inReport + 1);
                if (step % historyEvery == 0 || step == options.Steps)
                {
                    train.Add(new(step, sumForHistory / inHistory));
                    (sumForHistory, inHistory) = (0, 0);
                }
                bool stop = validate is not null && (step % options.EvaluateEvery == 0 || step == options.Steps) && !Improves(step);
                if (clock.Elapsed - lastReport >= ReportEvery || step == options.Steps || stop)
                {
                    lastReport = clock.Elapsed;
                    progress?.Report(new(options.Name, step, options.Steps, sumForReport / inReport, validation.Count > 0 ? validation[^1].Loss : null, clock.Elapsed));
                    (sumForReport, inReport) = (0, 0);
                }
                if (step % CollectEvery == 0) GC.Collect(0);
                if (stop) break;
            }
        }
        finally
        {
            model.eval();
        }

        RestoreBest(step);
        return new(options.Name, train, validation, clock.Elapsed, validate is null ? step : bestStep);
    }

    private double Step(Func<Tensor> loss, int step)
    {
        using var scope = NewDisposeScope();
        optimizer.Clear();
        var l = loss();
        Guard.Alive(l, nameof(loss));
        if (l.NumberOfElements != 1) throw new ArgumentException($"The loss has shape {Guard.Describe(l)}; expected one number.", nameof(loss));

        double value = l.ToDouble();
        if (!double.IsFinite(value))
            throw new TrainingException(
                $"The loss of '{options.Name}' is {value} at step {step + 1} of {options.Steps}" + (train.Count > 0 ? $"; it was {train[^1].Loss:G5} around step {train[^1].Step}" : "") +
                ". Look for values outside the model's support, or try a smaller learning rate.", step + 1);

        if (!l.requires_grad)
            throw new ArgumentException("The loss depends on no trainable parameter, or gradients are turned off around the training (no_grad).", nameof(loss));
        l.backward();
        optimizer.Step(options.LearningRate * options.Schedule.Factor((double)step / options.Steps), options.GradientClip);
        return value;
    }

    /// <summary>Evaluates; remembers the weights if they are the best so far. False when patience has run out.</summary>
    private bool Improves(int step)
    {
        double loss;
        model.eval();
        using (no_grad())
        using (NewDisposeScope()) loss = validate!();
        model.train();

        if (double.IsNaN(loss)) throw new TrainingException($"The validation loss of '{options.Name}' is NaN at step {step} of {options.Steps}.", step);
        validation.Add(new(step, loss));
        if (loss < bestLoss)
        {
            (bestLoss, bestStep) = (loss, step);
            Remember();
        }
        int since = validation.Count - 1 - validation.FindIndex(point => point.Step == bestStep);
        return options.Patience is not { } patience || since < patience;
    }

    private void Remember()
    {
        using var none = no_grad();
        foreach (var (key, value) in model.state_dict())
            if (best.TryGetValue(key, out var kept)) kept.copy_(value);
            else best[key] = value.clone().DetachFromDisposeScope();
    }

    private void RestoreBest(int steps)
    {
        if (validate is not null && best.Count == 0)
            throw new TrainingException(
                $"The validation loss of '{options.Name}' was never finite in {validation.Count} evaluations; the last was {validation[^1].Loss}. Are there points outside the model's support?", steps);

        using var none = no_grad();
        foreach (var (key, value) in model.state_dict())
            if (best.TryGetValue(key, out var kept)) value.copy_(kept);
    }

    public void Dispose()
    {
        threads.Dispose();
        optimizer.Dispose();
        foreach (var tensor in best.Values) tensor.Dispose();
    }
}
