namespace FlowKit.Transforms;

/// <summary>Takes dimension 1 apart into passed and transformed features, and puts it together again.</summary>
/// <remarks>A mask of two blocks, as every mask of two features, is cut by views; others by index.</remarks>
internal sealed class FeatureSplit : FlowModule
{
    private readonly int features;
    private readonly long[] passed;
    private readonly long[] transformed;
    private readonly bool blocks;

    public FeatureSplit(IReadOnlyList<bool> mask) : base(nameof(FeatureSplit))
    {
        features = mask.Count;
        passed = [.. Indices(mask, false)];
        transformed = [.. Indices(mask, true)];
        blocks = IsRun(passed) && IsRun(transformed);
        if (blocks) return;

        using var joined = tensor([.. passed, .. transformed], dtype: int64, device: CPU);
        SetConstant("passed", tensor(passed, dtype: int64, device: CPU));
        SetConstant("transformed", tensor(transformed, dtype: int64, device: CPU));
        SetConstant("merge", joined.argsort());
    }

    public long Features => features;

    /// <summary>A, in ascending order.</summary>
    public int[] PassedFeatures => [.. passed.Select(i => (int)i)];

    /// <summary>B, in ascending order.</summary>
    public int[] TransformedFeatures => [.. transformed.Select(i => (int)i)];

    public long Passed => passed.Length;

    public long Transformed => transformed.Length;

    public (Tensor Passed, Tensor Transformed) Apart(Tensor x) => blocks
        ? (x.narrow(1, passed[0], Passed), x.narrow(1, transformed[0], Transformed))
        : (x.index_select(1, GetConstant("passed")), x.index_select(1, GetConstant("transformed")));

    public Tensor Merge(Tensor a, Tensor b)
    {
        if (blocks) return cat(passed[0] == 0 ? [a, b] : [b, a], dim: 1);
        return cat([a, b], dim: 1).index_select(1, GetConstant("merge"));
    }

    private static IEnumerable<long> Indices(IReadOnlyList<bool> mask, bool transformed) =>
        Enumerable.Range(0, mask.Count).Where(i => mask[i] == transformed).Select(i => (long)i);

    private static bool IsRun(long[] indices) => indices[^1] - indices[0] == indices.Length - 1;
}
