namespace FlowKit.Distributions;

/// <summary>Standard noises of the shape, precision and place of a tensor, without gradients unless said.</summary>
internal static class Noise
{
    /// <summary>Uniform on the open interval (0, 1): rand can return 0, whose logarithm is -inf.</summary>
    public static Tensor OpenUniform(Tensor like)
    {
        bool wide = like.dtype == float64;
        return rand_like(like.detach()).clamp_(wide ? 1e-16 : 1e-8, 1 - (wide ? 1e-16 : 6e-8));
    }

    /// <summary>Logistic(0, 1).</summary>
    public static Tensor Logistic(Tensor like) => OpenUniform(like).logit();

    /// <summary>Laplace(0, 1): an exponential number with either sign.</summary>
    public static Tensor Laplace(Tensor like) => OpenUniform(like).log() * (rand_like(like.detach()).lt(0.5).to(like.dtype) * 2 - 1);

    /// <summary>ln g for g ~ Gamma(a, 1): g = h u^(1/a) with h ~ Gamma(a + 1, 1), so that no small a underflows. Gradients flow to a.</summary>
    public static Tensor LogGamma(Tensor a) => _standard_gamma(a + 1, null!).log() + OpenUniform(a).log() / a;

    /// <summary>-ln(-ln u): the largest of logits + Gumbel noise is a draw from their softmax.</summary>
    public static Tensor Gumbel(Tensor like) => OpenUniform(like).log().neg().log().neg();
}
