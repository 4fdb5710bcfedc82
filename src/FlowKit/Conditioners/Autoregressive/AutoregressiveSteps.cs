namespace FlowKit.Conditioners;

/// <summary>An autoregressive network taken position by position through a batch: the parameters of the next position, then its value, D times.</summary>
/// <remarks>Call <see cref="Theta"/> and <see cref="Append"/> in turns, in the network's order. Tensors belong to the caller's dispose scope.</remarks>
/// <example><code>
/// // Three normal numbers, each given those before it.
/// manual_seed(0);
/// var (family, network) = (new Normal(), new Made(features: 3, parameters: 2, hidden: [16]));
/// AutoregressiveSteps steps = network.Begin(context: null, like: zeros(5, 3));
/// var x = new List&lt;Tensor>();
/// foreach (int position in network.Order)
/// {
///     x.Add(family.Sample(steps.Theta()));                        // (5, 1)
///     steps.Append(x[^1]);
/// }
/// Console.WriteLine(cat(x, dim: 1).shape.Length);                 // => 2
/// </code></example>
public abstract class AutoregressiveSteps
{
    /// <summary>The P parameters of the next position, (B, P, 1), or (B, P, 1, K) where a position is given by K numbers.</summary>
    public abstract Tensor Theta();

    /// <summary>Tells the next position's value, as the network reads it.</summary>
    /// <param name="value">(B, 1), or (B, 1, K).</param>
    public abstract void Append(Tensor value);
}
