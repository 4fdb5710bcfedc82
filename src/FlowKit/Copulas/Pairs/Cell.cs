namespace FlowKit.Copulas;

/// <summary>Where numbers lie between the nodes of a grid: the node below each, the share of the way to the next, and how far that is.</summary>
internal readonly record struct Cell(Tensor Index, Tensor Share, Tensor Width)
{
    /// <summary>The cells of numbers (B) between ascending nodes (K).</summary>
    public static Cell Of(Tensor x, Tensor nodes)
    {
        var index = (searchsorted(nodes, x.contiguous(), right: true) - 1).clamp(0, nodes.size(0) - 2);
        var low = nodes.index_select(0, index);
        var width = nodes.index_select(0, index + 1) - low;
        return new(index, (x - low) / width, width);
    }

    /// <summary>The value between two that belong to the ends of the cells.</summary>
    public Tensor Between(Tensor low, Tensor high) => low + Share * (high - low);

    /// <summary>The integral of <see cref="Between"/> from the lower end to the number.</summary>
    public Tensor Part(Tensor low, Tensor high) => Width * Share * (low + Share * (high - low) / 2);
}
