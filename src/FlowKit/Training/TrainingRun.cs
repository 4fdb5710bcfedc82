using System.Diagnostics;
using TorchSharp.Modules;

namespace FlowKit.Training;

/// <summary>One training, from its first step, or its checkpoint, to its history.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const int HistoryPoints = 200;
    private const int CollectOnGpuEvery = 16;       // NativeMemory sees the memory of the CPU alone

    private readonly nn.Module model;
    private readonly Objective objective;
    private readonly FitOptions options;
    private readonly Func<double>? validate;
    private readonly FusedOptimizer optimizer;
    private readonly MovingAverage? average;
    private readonly KeptWeights best = new();
    private readonly Diagnosis diagnosis;
    private readonly TrainingReport report;
    private readonly TrainingCheckpoint? checkpoint;
    private readonly TrainingState state = new();
    private readonly CancellationToken host = TrainingHost.CancellationOfCell?.Invoke() ?? TrainingHost.Cancellation;     // of the cell it began in, not of one that runs later
    private readonly bool isOnGpu;
    private readonly TrainingThreads threads;
    private readonly TimeSpan elapsedBefore;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private double rate;

    public TrainingRun(nn.Module model, Objective objective, FitOptions options, Func<double>? validate)
    {
        (this.model, this.objective, this.options, this.validate) = (model, objective, options, validate);
        (string Name, Parameter Parameter)[] parameters = [.. model.named_parameters().Where(parameter => parameter.parameter.requires_grad)];
        if (parameters.Length == 0) throw new ArgumentException($"{model.GetName()} has no trainable parameter.", nameof(model));
        if (options.Schedule.OnPlateau is not null && validate is null)
            throw new ArgumentException("A schedule that watches for a plateau needs a validation set.", nameof(options));

        isOnGpu = parameters.Any(parameter => parameter.Parameter.device_type == DeviceType.CUDA);
        optimizer = new(parameters, options.Optimizer);
        average = options.Average is { } decay ? new(parameters, decay) : null;
        diagnosis = new(model, objective);
        report = new(options);
        if ((options.Checkpoint ?? HostCheckpoints.Next(options.Name)) is { } kept)
        {
            var file = new Checkpoint(Path.GetFullPath(kept.Path), TrainingSettings.Of(options, objective, validate is not null));
            checkpoint = new(kept, file, model, objective, optimizer, average, best);
            state = checkpoint.Resume() ?? state;
            if (!IsOver) file.CheckWritable();
        }
        elapsedBefore = state.Elapsed;
        threads = new(options.Threads ?? state.Threads, options.Steps, once: checkpoint is not null);
    }

    private double Progress => (double)state.Step / options.Steps;

    private bool IsOver => state.Step == options.Steps || state.HasStopped;

    public History Go()
    {
        model.train();
        try
        {
            if (options.Steps == 0 && validate is not null) Evaluate();
            while (!IsOver) Advance();
        }
        finally
        {
            model.eval();
            Trainer.LastHistory = SoFar();
            if (!IsOver) report.Stop(state);
        }
        KeepBest();
        return Trainer.LastHistory = new(options.Name, state.Train, state.Validation, state.Elapsed, validate is null ? state.Step : state.BestStep);
    }

    // The weights are those of the last step, and so is the last point, whether or not it was due.
    private History SoFar()
    {
        HistoryPoint[] open = state.LossCount > 0 ? [new(state.Step, state.LossSum / state.LossCount)] : [];
        return new(options.Name, [.. state.Train, .. open], [.. state.Validation], state.Elapsed, state.Step);
    }

    private void Advance()
    {
        using var call = NativeMemory.Enter();      // native scalars, too, are freed by finalizers only
        StopIfAsked();
        threads.BeforeStep();
        double loss = Descend();
        threads.AfterStep();

        state.Step++;
        Record(loss);
        options.AfterStep?.Invoke(new(state.Step, loss));
        if (validate is not null && (state.Step % options.EvaluateEvery == 0 || state.Step == options.Steps)) Evaluate();

        (state.Elapsed, state.Threads) = (elapsedBefore + clock.Elapsed, threads.Chosen);
        report.Step(state, loss, IsOver);
        Save(isLast: IsOver);
        if (isOnGpu && state.Step % CollectOnGpuEvery == 0) GC.Collect(0);
    }

    private void StopIfAsked()
    {
        var asked = options.Cancellation.IsCancellationRequested ? options.Cancellation : host;
        if (!asked.IsCancellationRequested) return;

        Save(isLast: true);
        throw new TrainingStoppedException(SoFar(), options.Steps, asked);
    }

    // Not while threads are measured: what goes on from there would measure again, and take other steps than what was interrupted.
    private void Save(bool isLast)
    {
        if (threads.Chosen is not null) checkpoint?.SaveIfDue(state, isLast);
    }

    private double Descend()
    {
        checkpoint?.BeforeStep(state.Step);
        optimizer.Clear();
        double sum = 0;
        for (int batch = 0; batch < options.Accumulate; batch++)
        {
            using var scope = NewDisposeScope();
            diagnosis.BeforeBatch(isFirst: state.Step == 0 && batch == 0);
            sum += Backward();
        }
        rate = options.LearningRate * options.Schedule.Factor(Progress) * state.PlateauFactor;
        if (optimizer.Step(rate, options.GradientClip, options.Accumulate) is { } parameter) throw Broken("A gradient", "not finite", $"the gradient of {parameter}");
        average?.Update(state.Step + 1);
        return sum / options.Accumulate;
    }

    private double Backward()
    {
        var loss = objective.Loss(Progress);
        Guard.Alive(loss, nameof(loss));
        if (loss.NumberOfElements != 1) throw new ArgumentException($"The loss has shape {Guard.Describe(loss)}; expected one number.", nameof(loss));

        double value = loss.ToDouble();
        if (!double.IsFinite(value)) throw Broken("The loss", $"{value}", null);
        if (!loss.requires_grad)
            throw new ArgumentException("The loss depends on no trainable parameter, or gradients are turned off around the training (no_grad).", nameof(loss));
        optimizer.Backward(loss);
        return value;
    }

    private TrainingException Broken(string what, string value, string? place)
    {
        var (module, rows) = diagnosis.Explain(Progress);
        place = module ?? place;
        return new(
            $"{what} of '{options.Name}' is {value} at step {state.Step + 1} of {options.Steps}"
            + (state.Train.Count > 0 ? $"; the loss was {state.Train[^1].Loss:G5} around step {state.Train[^1].Step}" : "")
            + (place is null ? ". " : $". The first value that is not finite is {(module is null ? place : $"what {place} gives")}. ")
            + (rows.Count > 0 ? $"The batch's rows are {string.Join(", ", rows.Take(8))}{(rows.Count > 8 ? $" and {rows.Count - 8} more" : "")}. " : "")
            + $"The weights are those after step {state.Step}. Look for values outside the model's support, or try a smaller learning rate.", state.Step + 1, place, rows);
    }

    private void Record(double loss)
    {
        (state.LossSum, state.LossCount) = (state.LossSum + loss, state.LossCount + 1);
        if (state.Step % Math.Max(1, options.Steps / HistoryPoints) != 0 && state.Step != options.Steps) return;

        state.Train.Add(new(state.Step, state.LossSum / state.LossCount));
        report.Write("loss/train", state.Train[^1].Loss, state);
        report.Write("rate", rate, state);
        (state.LossSum, state.LossCount) = (0, 0);
    }

    /// <summary>Evaluates the weights that would be kept, and keeps them if they are the best so far.</summary>
    private void Evaluate()
    {
        average?.Swap();
        model.eval();
        try
        {
            double loss;
            using (no_grad())
            using (NewDisposeScope()) loss = validate!();
            if (double.IsNaN(loss)) throw new TrainingException($"The validation loss of '{options.Name}' is NaN at step {state.Step} of {options.Steps}.", state.Step);

            state.Validation.Add(new(state.Step, loss));
            report.Write("loss/validation", loss, state);
            if (loss < state.BestLoss)
            {
                (state.BestLoss, state.BestStep, state.Waited) = (loss, state.Step, 0);
                best.Keep(model.state_dict());
            }
            else
            {
                state.Waited++;
            }
        }
        finally
        {
            model.train();
            average?.Swap();
        }
        WaitOrStop();
        options.AfterEvaluation?.Invoke(state.Validation[^1]);
    }

    private void WaitOrStop()
    {
        if (options.Schedule.OnPlateau is var (factor, patience) && state.Waited >= patience) (state.PlateauFactor, state.Waited) = (state.PlateauFactor * factor, 0);
        int sinceBest = state.Validation.Count - 1 - state.Validation.FindIndex(point => point.Step == state.BestStep);
        state.HasStopped = sinceBest >= options.Patience;
    }

    private void KeepBest()
    {
        if (options.Steps == 0) return;
        if (validate is null)
        {
            average?.Swap();
            return;
        }
        if (best.Memory.Count == 0)
            throw new TrainingException(
                $"The validation loss of '{options.Name}' was never finite in {state.Validation.Count} evaluations; the last was {state.Validation[^1].Loss}. Are there points outside the model's support?", state.Step);
        Weights.Copy(best.Memory, model.state_dict());
    }

    public void Dispose()
    {
        threads.Dispose();
        optimizer.Dispose();
        average?.Dispose();
        best.Dispose();
        diagnosis.Dispose();
    }
}
