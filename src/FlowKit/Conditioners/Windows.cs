namespace FlowKit.Conditioners;

/// <summary>What lies around each position of a sequence, as one vector for each.</summary>
internal static class Windows
{
    /// <summary>Of each position the codes from <paramref name="before"/> positions before it to <paramref name="after"/> after it, (B, D, K) to (B, D, K (before + after + 1)); beyond the ends there are zeros.</summary>
    public static Tensor Around(Tensor x, long before, long after)
    {
        var padded = nn.functional.pad(x, [0, 0, before, after]);
        return padded.unfold(1, before + after + 1, 1).flatten(2);            // (B, D, K, window), K-major
    }

    /// <summary>The same of the codes before each position only.</summary>
    public static Tensor Before(Tensor x, long count) => Around(nn.functional.pad(x, [0, 0, 1, -1]), count - 1, 0);
}
