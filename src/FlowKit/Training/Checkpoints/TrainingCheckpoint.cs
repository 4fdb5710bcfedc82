namespace FlowKit.Training;

/// <summary>Carries a training's parts to its checkpoint and back.</summary>
internal sealed class TrainingCheckpoint(
    CheckpointOptions options, Checkpoint file, nn.Module model, Objective objective, FusedOptimizer optimizer, MovingAverage? average, KeptWeights best)
{
    private const string Model = "model.", Optimizer = "optimizer.", Average = "average.", Best = "best.", Random = "random", Order = "order";

    private readonly long seed = Generator.Default.initial_seed();
    private readonly bool isOnGpu = model.parameters().Any(parameter => parameter.device_type == DeviceType.CUDA);
    private int saved = -1;

    // A GPU's generator does not tell its state: each step begins from a seed of its own.
    /// <summary>Makes a step's random numbers depend on nothing that a checkpoint does not hold.</summary>
    public void BeforeStep(int step)
    {
        if (isOnGpu) cuda.manual_seed_all(unchecked(seed * 6364136223846793005 + step));
    }

    /// <summary>Writes the file at the end and every so many steps, at most once per step.</summary>
    public void SaveIfDue(TrainingState state, bool isLast)
    {
        if (saved == state.Step || !(isLast || state.Step % options.Every == 0)) return;

        using var scope = NewDisposeScope();
        var tensors = Fixed();
        Add(tensors, Best, best.Memory);
        tensors[Random] = get_rng_state();
        if (objective.Batches is { Order: { } order } batches) (tensors[Order], state.Position) = (order, batches.Position);
        file.Save(state, tensors);
        saved = state.Step;
    }

    /// <summary>Puts every part where the file has it; null, and nothing happens, where there is no file.</summary>
    /// <exception cref="CheckpointException">The file is damaged, or belongs to another training.</exception>
    public TrainingState? Resume()
    {
        using var scope = NewDisposeScope();
        if (file.Load() is not var (state, tensors)) return null;

        var weights = model.state_dict();
        if (Weights.Difference(weights, Part(tensors, Model)) is { } difference) throw file.Refuse($"is of another model than this {model.GetName()}: {difference}");

        var bests = Part(tensors, Best);
        var expected = Fixed();
        if (!tensors.TryGetValue(Random, out var random) || Weights.Difference(expected, Without(tensors)) is not null
            || (bests.Count > 0 && Weights.Difference(weights, bests) is not null) || (objective.Batches is not null && state.Step > 0 && !tensors.ContainsKey(Order)))
            throw file.Refuse("does not hold every part of this training");

        Weights.Copy(tensors, expected);
        best.Keep(bests);
        optimizer.Steps = saved = state.Step;
        if (tensors.TryGetValue(Order, out var order)) objective.Batches?.Restore(order, state.Position);
        set_rng_state(random);
        return state;
    }

    // What is there from the start, and keeps its shape.
    private Dictionary<string, Tensor> Fixed()
    {
        var tensors = new Dictionary<string, Tensor>();
        Add(tensors, Model, model.state_dict());
        Add(tensors, Optimizer, optimizer.Memory);
        Add(tensors, Average, average?.Memory ?? []);
        return tensors;
    }

    private static void Add(Dictionary<string, Tensor> tensors, string prefix, IEnumerable<KeyValuePair<string, Tensor>> part)
    {
        foreach (var (name, tensor) in part) tensors[prefix + name] = tensor;
    }

    private static Dictionary<string, Tensor> Part(Dictionary<string, Tensor> tensors, string prefix) =>
        tensors.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);

    private static Dictionary<string, Tensor> Without(Dictionary<string, Tensor> tensors) =>
        tensors.Where(pair => pair.Key is not (Random or Order) && !pair.Key.StartsWith(Best, StringComparison.Ordinal)).ToDictionary();
}
