namespace FlowKit;

/// <summary>Torch's stream of random numbers on the CPU, lent to a computation: at the end it is where it was, as if nothing had been drawn.</summary>
internal sealed class BorrowedStream : IDisposable
{
    private readonly Tensor before = get_rng_state().DetachFromDisposeScope();

    /// <summary>Borrows the stream.</summary>
    /// <param name="seed">Where it begins; null: where it is.</param>
    public BorrowedStream(long? seed = null)
    {
        if (seed is { } start) manual_seed(start);
    }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        set_rng_state(before);
        before.Dispose();
    }
}
