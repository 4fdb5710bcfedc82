namespace FlowKit.Conditioners;

/// <summary>Orders in which an autoregressive model takes its features: the features, first to last.</summary>
public static class Orders
{
    /// <summary>0, 1, 2, ..., D-1.</summary>
    public static IReadOnlyList<int> Natural(long features) => [.. Enumerable.Range(0, Guard.Size(features))];

    /// <summary>D-1, ..., 2, 1, 0.</summary>
    public static IReadOnlyList<int> Reverse(long features) => [.. Enumerable.Range(0, Guard.Size(features)).Reverse()];

    /// <summary>An order drawn uniformly, the same for the same seed on every machine.</summary>
    public static IReadOnlyList<int> Random(long features, int seed)
    {
        int[] order = [.. Enumerable.Range(0, Guard.Size(features))];
        new Random(seed).Shuffle(order);
        return order;
    }
}
