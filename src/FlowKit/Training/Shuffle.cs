namespace FlowKit.Training;

/// <summary>Rows of a data set in random order, batch by batch; each epoch is a fresh permutation, and its incomplete last batch is left out.</summary>
internal sealed class Shuffle(long count, int batchSize, Device device) : IDisposable
{
    private readonly long batch = Math.Min(count, batchSize);

    /// <summary>The epoch's permutation; null before the first batch.</summary>
    public Tensor? Order { get; private set; }

    /// <summary>Where the next batch begins in it.</summary>
    public long Position { get; private set; }

    /// <summary>The rows of the latest batch; empty before the first.</summary>
    public IReadOnlyList<long> Rows => Order is null ? [] : [.. Order.narrow(0, Position - batch, batch).cpu().data<long>()];

    /// <summary>The next batch's rows, (batch) int64, in the caller's dispose scope.</summary>
    public Tensor Next()
    {
        if (Order is null || Position + batch > count) Restore(randperm(count, dtype: int64, device: device), 0);
        Position += batch;
        return Order!.narrow(0, Position - batch, batch);
    }

    /// <summary>Goes back by one batch: if the random stream is restored too, Next gives the same rows again.</summary>
    public void Rewind()
    {
        Position -= batch;
        if (Position > 0) return;

        Order?.Dispose();
        Order = null;
    }

    /// <summary>Goes to a place in an epoch.</summary>
    public void Restore(Tensor order, long position)
    {
        Order?.Dispose();
        (Order, Position) = (order.to(device).DetachFromDisposeScope(), position);
    }

    public void Dispose() => Order?.Dispose();
}
