namespace FlowKit.Conditioners;

/// <summary>A residual layer h + a sigmoid(g) of pictures whose channels come last, (B, H, W, C), with dropout before the layer that gives (a, g).</summary>
/// <remarks>Ho et al. 2019, Flow++, arXiv:1902.00275, section 3.2.</remarks>
internal abstract class GatedLayer(string name, double dropout) : FlowModule(name)
{
    /// <summary>Standard deviation of a and g in the first training batch: a layer starts near the identity.</summary>
    protected const double StartDeviation = 0.1;

    /// <summary>The positive and the negative part's ELU side by side, twice the channels: the sign that a plain ELU would lose stays.</summary>
    public static Tensor ConcatElu(Tensor h) => cat([h, h.neg()], dim: -1).elu();

    /// <summary>a sigmoid(g), a the first half of the channels and g the second.</summary>
    protected static Tensor Gate(Tensor both)
    {
        long half = both.size(-1) / 2;
        return both.narrow(-1, 0, half) * both.narrow(-1, half, half).sigmoid();
    }

    /// <summary>In training mode a share of the numbers is set to 0 and the others are scaled up.</summary>
    protected Tensor Drop(Tensor h) => training && dropout > 0 ? nn.functional.dropout(h, dropout, training: true) : h;
}
