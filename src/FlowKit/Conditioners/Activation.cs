namespace FlowKit.Conditioners;

/// <summary>The non-linearity between the layers of a conditioner.</summary>
/// <example><code>
/// // A smooth density for its score, the gradient of log p. The flow starts at the identity, N(0, I), whose score is -x.
/// manual_seed(0);
/// var flow = RealNvp.Create(features: 2, layers: 2, activation: Activation.SiLU);
/// var x = randn(5, 2, requires_grad: true);
/// var score = autograd.grad([flow.LogProb(x).sum()], [x])[0];
/// Console.WriteLine(score.allclose(-x));  // => True
/// </code></example>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    ReLU,

    /// <summary>tanh x: smooth, for densities whose gradients are looked at.</summary>
    Tanh,

    /// <summary>x sigmoid(x), also called swish: smooth and unbounded above.</summary>
    SiLU,

    /// <summary>1 / (1 + e^-x): bounded; that of the first autoregressive networks.</summary>
    Sigmoid,
}

internal static class Activations
{
    public static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.ReLU => x.relu(),
        Activation.Tanh => x.tanh(),
        Activation.SiLU => nn.functional.silu(x),
        Activation.Sigmoid => x.sigmoid(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Expected ReLU, Tanh, SiLU or Sigmoid."),
    };
}
