namespace FlowKit.Conditioners;

/// <summary>An autoregressive network taken position by position through a batch: the parameters of the next position, then its value, D times.</summary>
/// <remarks>Call <see cref="Theta"/> and <see cref="Append"/> in turns, in the network's order. Tensors belong to the caller's dispose scope.</remarks>
public abstract class AutoregressiveSteps
{
    /// <summary>The P parameters of the next position, (B, P, 1).</summary>
    public abstract Tensor Theta();

    /// <summary>Tells the next position's value, as the network reads it.</summary>
    /// <param name="value">(B, 1).</param>
    public abstract void Append(Tensor value);

    /// <summary>All steps at once, each value computed by a kernel from what its position is given, (B, D), and the sum of what they add, (B); null where these steps have no such loop.</summary>
    internal virtual (Tensor Values, Tensor Total)? Run(Tensor given, IRowKernel kernel) => null;
}
