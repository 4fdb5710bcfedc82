namespace FlowKit.Conditioners;

/// <summary>The non-linearity between the layers of a conditioner.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    ReLU,

    /// <summary>tanh x: smooth, for densities whose gradients are looked at.</summary>
    Tanh,

    /// <summary>x sigmoid(x), also called swish: smooth and unbounded above.</summary>
    SiLU,
}

internal static class Activations
{
    public static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.ReLU => x.relu(),
        Activation.Tanh => x.tanh(),
        Activation.SiLU => nn.functional.silu(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Expected ReLU, Tanh or SiLU."),
    };
}
