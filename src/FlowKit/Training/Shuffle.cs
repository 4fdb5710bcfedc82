namespace FlowKit.Training;

/// <summary>Rows of a data set in random order, batch by batch; each epoch is a fresh permutation, and its incomplete last batch is left out.</summary>
internal sealed class Shuffle(long count, int batchSize, Device device) : IDisposable
{
    private readonly long batch = Math.Min(count, batchSize);
    private Tensor? order;
    private long next;

    /// <summary>The next batch's rows, (batch) int64, in the caller's dispose scope.</summary>
    public Tensor Next()
    {
        if (order is null || next + batch > count)
        {
            order?.Dispose();
            order = randperm(count, dtype: int64, device: device).DetachFromDisposeScope();
            next = 0;
        }
        next += batch;
        return order.narrow(0, next - batch, batch);
    }

    public void Dispose() => order?.Dispose();
}
