namespace FlowKit;

/// <summary>Where a training keeps the gradients of its parameters: a backward of our own writes them there instead of handing out tensors that autograd would copy.</summary>
/// <remarks>It receives only between <see cref="Receive"/> and its end, on the same thread: within the training's own backward. Everybody else's gradients go their ordinary way.</remarks>
/// <param name="parameters">Whose gradients it takes; they are contiguous and in main memory.</param>
internal sealed class GradientSink(IEnumerable<Tensor> parameters) : IDisposable
{
    [ThreadStatic] private static GradientSink? current;

    private readonly Dictionary<Tensor, Slot> slots = parameters.ToDictionary(parameter => parameter, _ => new Slot(), (IEqualityComparer<Tensor>)ReferenceEqualityComparer.Instance);

    /// <summary>What has come in for a parameter since <see cref="Clear"/>; null if nothing has.</summary>
    public Tensor? Of(Tensor parameter) => slots.TryGetValue(parameter, out var slot) && slot.IsFull ? slot.Gradient : null;

    /// <summary>Forgets what has come in.</summary>
    public void Clear()
    {
        foreach (var slot in slots.Values) slot.IsFull = false;
    }

    /// <summary>Receives on this thread until it is disposed.</summary>
    public Reception Receive() => new(this);

    /// <summary>Room for the gradients of a layer's parameters, all of them or none, and whether they are to be added to what is there.</summary>
    public static (Tensor[]? Gradients, bool Adds) Take(ReadOnlySpan<Tensor> parameters)
    {
        if (current is not { } sink || parameters.Length == 0) return (null, false);
        var found = new Slot[parameters.Length];
        for (int i = 0; i < found.Length; i++)
            if (!sink.slots.TryGetValue(parameters[i], out found[i]!) || found[i].IsFull != found[0].IsFull) return (null, false);
        bool adds = found[0].IsFull;
        var gradients = new Tensor[found.Length];
        for (int i = 0; i < found.Length; i++)
        {
            found[i].IsFull = true;
            gradients[i] = found[i].Gradient ??= empty_like(parameters[i]).DetachFromDisposeScope();
        }
        return (gradients, adds);
    }

    /// <summary>The time in which a sink receives.</summary>
    public readonly ref struct Reception
    {
        private readonly GradientSink? before;

        /// <summary>Begins.</summary>
        public Reception(GradientSink sink) => (before, current) = (current, sink);

        /// <summary>Ends.</summary>
        public void Dispose() => current = before;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in slots.Values) slot.Gradient?.Dispose();
    }

    private sealed class Slot
    {
        public Tensor? Gradient { get; set; }

        public bool IsFull { get; set; }
    }
}
