using System.Globalization;
using FlowKit.Distributions;

namespace FlowKit.Training;

/// <summary>The memory of a training, in bytes: what goes with the parameters, whatever the batch, and what the forward pass keeps of each example until its gradient is taken.</summary>
/// <remarks>
/// <para>Parameters, gradients and the optimizer's memory are counted. What the forward pass keeps is measured, as the memory that log p(x | c) with its graph leaves in use: Shared + B PerExample for a batch of B.
/// All of it is held at once, since TorchSharp has no gradient checkpointing: a batch that is too large is cut into several by <see cref="FitOptions.Accumulate"/>.</para>
/// <para>It is measured on the CPU, by the account of the C library (glibc 2.33 or newer). Elsewhere, and for a model on another device, it is null: not known. A GPU keeps the same tensors for the same
/// operations, so that what the model needs there is measured before it is moved.</para>
/// <para>What comes on top of it: the data, a copy of the weights where a validation set chooses the best ones, and for moments the temporary tensors of the layer at work, forward or backward. The process occupies
/// more than its tensors do, since the C library keeps what was freed between others: in trainings of RealNVP, Glow and Flow++ in their papers' sizes for CIFAR-10 1.2 to 1.6 times as much.</para>
/// </remarks>
/// <param name="Parameters">All parameters, trained or not.</param>
/// <param name="Gradients">One number for each trained parameter.</param>
/// <param name="OptimizerState">What the optimizer remembers, with <see cref="FitOptions.Average"/> also the averages.</param>
/// <param name="Shared">What a forward pass keeps whatever the batch, such as normalized weights; null: not known.</param>
/// <param name="PerExample">What it keeps of each example; null: not known.</param>
/// <example><code>
/// manual_seed(0);
/// var flow = RealNvp.ForImages(new(1, 8, 8) { Blocks = 1, Maps = 8, Levels = Digits.Levels });
/// var memory = TrainingMemory.Of(flow, Digits.Load().Images[..32].reshape(-1, 1, 8, 8));
/// Console.WriteLine(memory.Parameters == 4 * flow.ParameterCount);               // => True
/// Console.WriteLine(memory.OptimizerState == 2 * memory.Parameters);             // => True
/// Console.WriteLine(memory.ForBatch(256) - memory.ForBatch(128) > 128 * 64 * 4);  // => True
/// </code></example>
public sealed record TrainingMemory(long Parameters, long Gradients, long OptimizerState, long? Shared, long? PerExample)
{
    private const long Kibi = 1 << 10, Mebi = 1 << 20, Gibi = 1 << 30;

    /// <summary>What maximum likelihood takes: <see cref="Trainer.Fit(Distribution, Dataset, Dataset?, FitOptions?)"/>.</summary>
    /// <remarks>Log-densities of half of the examples and of all are computed in training mode and with gradients. Afterwards the weights, the mode and the random stream are as before.</remarks>
    /// <param name="model">The model to train.</param>
    /// <param name="examples">Two examples or more, with their contexts if there are any. More of them are measured more exactly, as the process takes some 100 KiB of its own now and then: two for large images, dozens for small ones.</param>
    /// <param name="options">The optimizer and the average that the training will have; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are fewer than two examples, or they are not the model's; or the model has no trainable parameter.</exception>
    public static TrainingMemory Of(Distribution model, Dataset examples, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(examples);
        Trainer.Check(model, examples, nameof(examples));
        if (examples.Count < 2) throw new ArgumentException("Expected at least two examples, for what one more of them takes; got 1.", nameof(examples));
        options ??= new();
        options.Check();

        Tensor[] parameters = [.. model.parameters()];
        long all = parameters.Sum(Bytes), trained = parameters.Where(parameter => parameter.requires_grad).Sum(Bytes);
        if (trained == 0) throw new ArgumentException($"{model.GetName()} has no trainable parameter.", nameof(model));
        var kept = NativeMemory.Allocated is not null && parameters.All(parameter => parameter.device_type == DeviceType.CPU) ? Measure(model, examples) : null;
        return new(all, Gradients: trained, OptimizerState: trained * (options.Optimizer.Memories + (options.Average is null ? 0 : 1)), kept?.Shared, kept?.PerExample);
    }

    /// <summary>What a training with batches of that size takes; null where that is not known.</summary>
    /// <param name="examples">Examples of a batch, >= 1.</param>
    public long? ForBatch(long examples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        return Parameters + Gradients + OptimizerState + Shared + PerExample * examples;
    }

    /// <summary>The parts in words, in KiB, MiB or GiB.</summary>
    public override string ToString() =>
        $"{Show(Parameters)} of parameters, {Show(Gradients)} of gradients, {Show(OptimizerState)} of optimizer state; "
        + (PerExample is { } example ? $"{Show(Shared ?? 0)} for any batch and {Show(example)} for each of its examples" : "what a batch adds is not known here");

    private static (long Shared, long PerExample)? Measure(Distribution model, Dataset examples)
    {
        using var mode = new EvaluationMode(model);
        using var kept = new KeptWeights();
        using var random = get_rng_state();
        kept.Keep(model.state_dict());
        model.train();
        try
        {
            long few = examples.Count / 2, ofFew = Settled(model, examples.Rows(0, few)), ofAll = Settled(model, examples);
            long example = (ofAll - ofFew) / (examples.Count - few);
            return (Math.Max(0, ofAll - examples.Count * example), example);
        }
        finally
        {
            Weights.Copy(kept.Memory, model.state_dict());
            set_rng_state(random);
        }
    }

    // The first call with a size also makes what stays for all calls, as the plans of its convolutions.
    private static long Settled(Distribution model, Dataset examples)
    {
        Held(model, examples);
        return Held(model, examples);
    }

    // What is disposed when the layers return is no longer in use by then.
    private static long Held(Distribution model, Dataset examples)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        long before = NativeMemory.InUse;
        model.LogProb(examples.X, examples.Context);
        return NativeMemory.InUse - before;
    }

    private static long Bytes(Tensor tensor) => tensor.NumberOfElements * tensor.element_size();

    private static string Show(long bytes)
    {
        var (unit, size) = bytes < Mebi ? ("KiB", Kibi) : bytes < Gibi ? ("MiB", Mebi) : ("GiB", Gibi);
        return string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / size:F1} {unit}");
    }
}
