namespace FlowKit.Training;

/// <summary>A tensor's memory, in pieces that a span can hold.</summary>
internal static class TensorBytes
{
    private const long Piece = 1 << 24;      // numbers

    internal delegate void Use(Span<byte> bytes);

    /// <summary>Its bytes in order, piece by piece. Those of a contiguous tensor of the CPU are its own; of another, a copy's.</summary>
    public static void Each(Tensor tensor, Use use)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().view(-1);
        for (long start = 0; start < flat.NumberOfElements; start += Piece)
            use(flat.narrow(0, start, Math.Min(Piece, flat.NumberOfElements - start)).bytes);
    }
}
