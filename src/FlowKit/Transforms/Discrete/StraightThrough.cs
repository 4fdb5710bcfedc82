namespace FlowKit.Transforms;

/// <summary>The one-hot code of the likeliest class, with the gradient of a softmax.</summary>
/// <remarks>Bengio, Léonard, Courville 2013, arXiv:1308.3432; with a temperature: Tran et al. 2019, arXiv:1905.10347, section 4.3.</remarks>
internal static class StraightThrough
{
    /// <summary>one_hot(argmax l), of ties the first; its derivative is that of softmax(l / temperature).</summary>
    /// <param name="logits">(B, ..., K).</param>
    /// <param name="temperature">tau > 0.</param>
    public static Tensor OneHot(Tensor logits, double temperature)
    {
        long classes = logits.size(-1);
        var falling = arange(classes, 0, -1, dtype: logits.dtype, device: logits.device);
        var first = (logits.detach().ge(logits.detach().amax([-1], keepdim: true)).to(logits.dtype) * falling).argmax(-1);
        var code = nn.functional.one_hot(first, classes).to(logits.dtype);
        if (!logits.requires_grad) return code.masked_fill(logits.isnan().any(-1, keepdim: true), double.NaN);

        return code + GradientOf((logits / temperature).softmax(-1));
    }

    /// <summary>Zeros with the gradient of t.</summary>
    public static Tensor GradientOf(Tensor t) => (t - t.detach()).nan_to_num();            // inf - inf
}
