using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>Multi-head self-attention among the positions of an image: every position reads every other. The last layer starts at zero.</summary>
/// <remarks>
/// softmax(Q Kᵀ/sqrt(d)) V a head, Q, K and V linear in the channels. Vaswani et al. 2017, arXiv:1706.03762, eq. 1. It has no notion of where a position is:
/// permuted positions give permuted answers; convolutions before it, or a coordinate among the channels, tell.
/// Time and memory grow with (H W)².
/// </remarks>
/// <example><code>
/// // Every position reads every other: permuted positions give permuted answers.
/// manual_seed(0);
/// var net = new SelfAttention(inputs: 4, outputs: 4, width: 16, heads: 4);
/// foreach (var weight in net.parameters()) nn.init.normal_(weight, std: 0.2);
/// var x = randn(1, 4, 2, 2);
/// Console.WriteLine(net.Forward(x.flip(3), null).allclose(net.Forward(x, null).flip(3), atol: 1e-5));  // => True
/// </code></example>
public sealed class SelfAttention : ImageConditioner
{
    private readonly Conv2d project;
    private readonly Conv2d last;
    private readonly int heads;

    /// <summary>Self-attention.</summary>
    /// <param name="inputs">Channels read, >= 1.</param>
    /// <param name="outputs">Channels given, >= 1.</param>
    /// <param name="width">Channels of all heads together, >= 1.</param>
    /// <param name="heads">How many heads, a divisor of the width.</param>
    /// <param name="contextShape">Sizes of one context, (C) or (C, h, w); null for none.</param>
    public SelfAttention(long inputs, long outputs, long width, int heads = 4, Shape? contextShape = null) : base(nameof(SelfAttention), inputs, outputs, contextShape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        CheckHeads(heads, width);
        this.heads = heads;
        project = nn.Conv2d(ReadChannels, 3 * width, kernel_size: 1, bias: false);
        last = ZeroConv(width, outputs);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor Read(Tensor image)
    {
        var all = project.call(image).flatten(2);                             // (B, 3*width, N)
        return last.call(Among(all.transpose(1, 2), heads).transpose(1, 2).reshape(image.size(0), all.size(1) / 3, image.size(2), image.size(3)));
    }

    /// <summary>Refuses heads that do not divide the width.</summary>
    internal static void CheckHeads(int heads, long width)
    {
        if (width % heads != 0) throw new ArgumentException($"{heads} heads do not share {width} channels evenly.", nameof(heads));
    }

    /// <summary>softmax(Q Kᵀ/sqrt(d)) V a head.</summary>
    /// <param name="all">Queries, keys and values of N positions, (B, N, 3*width), each of them head by head.</param>
    /// <param name="heads">How many heads, a divisor of the width.</param>
    /// <returns>(B, N, width).</returns>
    internal static Tensor Among(Tensor all, int heads)
    {
        var parts = all.unflatten(2, [3, heads, all.size(2) / (3 * heads)]).permute(2, 0, 3, 1, 4).unbind(0);   // three of (B, heads, N, d)
        var scores = (parts[0] / Math.Sqrt(parts[0].size(3))).matmul(parts[1].mT);
        return scores.softmax(-1).matmul(parts[2]).transpose(1, 2).flatten(2);                                  // (B, N, heads*d)
    }
}
