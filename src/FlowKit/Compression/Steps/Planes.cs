namespace FlowKit.Compression;

/// <summary>Images of whole numbers, a channel (count H W) each.</summary>
internal sealed record Planes(int[][] Channels, int Count, int Height, int Width)
{
    /// <summary>(B, C, H, W) or (B, D) of whole numbers; the latter as (B, D, 1, 1).</summary>
    /// <exception cref="ArgumentException">A value is no whole number of 32 bits.</exception>
    public static Planes Of(Tensor x, string name)
    {
        using var scope = NewDisposeScope();
        var given = x.detach().cpu();
        var whole = given.to(int32);
        if (!whole.to(float64).eq(given.to(float64)).all().ToBoolean()) throw new ArgumentException($"{name} holds values other than whole numbers of 32 bits.", name);
        int[] numbers = whole.transpose(0, 1).contiguous().data<int>().ToArray();           // (C, B, ...)
        int channels = (int)x.size(1), each = numbers.Length / channels;
        int[][] planes = [.. Enumerable.Range(0, channels).Select(c => numbers[(c * each)..((c + 1) * each)])];
        return new(planes, (int)x.size(0), x.Dimensions == 4 ? (int)x.size(2) : 1, x.Dimensions == 4 ? (int)x.size(3) : 1);
    }

    /// <summary>As int32, of the shape (B, sizes...).</summary>
    public Tensor ToTensor(Shape shape)
    {
        using var scope = NewDisposeScope();
        int[] numbers = [.. Channels.SelectMany(plane => plane)];
        return tensor(numbers, [Channels.Length, Count, .. shape[1..]], dtype: int32, device: CPU).transpose(0, 1).contiguous().MoveToOuterDisposeScope();
    }
}
