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
    extension(Activation activation)
    {
        /// <summary>The same over tiles, there and back; null for one that has no way back.</summary>
        public Gate? Gate => activation.Loop is var gate and (FlowKit.Gate.Relu or FlowKit.Gate.Tanh) ? gate : null;

        /// <summary>The same over tiles.</summary>
        public Gate Loop => activation switch
        {
            Activation.ReLU => FlowKit.Gate.Relu,
            Activation.Tanh => FlowKit.Gate.Tanh,
            Activation.SiLU => FlowKit.Gate.Silu,
            Activation.Sigmoid => FlowKit.Gate.Sigmoid,
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Expected ReLU, Tanh, SiLU or Sigmoid."),
        };
    }

    public static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.ReLU => x.relu(),
        Activation.Tanh => x.tanh(),
        Activation.SiLU => nn.functional.silu(x),
        Activation.Sigmoid => x.sigmoid(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Expected ReLU, Tanh, SiLU or Sigmoid."),
    };
}
