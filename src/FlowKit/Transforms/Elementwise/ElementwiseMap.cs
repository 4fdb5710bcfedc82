using System.Globalization;
using System.Text;

namespace FlowKit.Transforms;

/// <summary>A strictly monotone scalar map y = tau(x; theta), applied to every element with its own theta. Stateless: a conditioner supplies theta.</summary>
/// <remarks>
/// Shapes: x and y are (B, ...), theta is (B, P, ...) with P = <see cref="ParameterCount"/>, log-slopes ln|dy/dx| are those of x, in nats.
/// At theta = 0 a map is the identity or near it, so that a conditioner that starts at zero starts the flow at the identity.
/// </remarks>
/// <example><code>
/// // A map of one's own: y = sinh(x + t). Couplings, autoregressive and elementwise flows take it as they take ours.
/// sealed record SinhMap : ElementwiseMap
/// {
///     public override int ParameterCount => 1;
///
///     protected override (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta)
///     {
///         var u = x + theta.select(1, 0);
///         return (u.sinh(), u.cosh().log());
///     }
///
///     protected override (Tensor X, Tensor LogSlope) InverseCore(Tensor y, Tensor theta)
///     {
///         var u = y.asinh();
///         return (u - theta.select(1, 0), -u.cosh().log());
///     }
/// }
///
/// manual_seed(0);
/// var flow = RealNvp.Create(features: 2, layers: 2, map: new SinhMap());
/// var x = randn(100, 2);
/// Console.WriteLine(flow.Transform.Inverse(flow.Transform.Forward(x).Z).X.allclose(x, atol: 1e-4));  // => True
/// </code></example>
public abstract record ElementwiseMap
{
    /// <summary>Parameters an element has, P.</summary>
    public abstract int ParameterCount { get; }

    /// <summary>Whether it maps whole numbers to whole numbers; a <see cref="Coupling"/> then takes tensors of integers, too.</summary>
    public virtual bool IsDiscrete => false;

    /// <summary>x as the conditioner of a <see cref="Coupling"/> reads it, of order one: here x itself.</summary>
    /// <param name="x">The features passed through, of any shape.</param>
    public virtual Tensor Encode(Tensor x) => x;

    /// <summary>y = tau(x; theta) and ln|dy/dx|.</summary>
    /// <exception cref="ArgumentException">theta does not hold P numbers for each element of x, or the two differ in precision.</exception>
    public (Tensor Y, Tensor LogSlope) Forward(Tensor x, Tensor theta)
    {
        Guard.Theta(x, theta, ParameterCount, GetType().Name);
        return ForwardCore(x, theta);
    }

    /// <summary>x = tau⁻¹(y; theta) and ln|dx/dy|.</summary>
    /// <inheritdoc cref="Forward"/>
    public (Tensor X, Tensor LogSlope) Inverse(Tensor y, Tensor theta)
    {
        Guard.Theta(y, theta, ParameterCount, GetType().Name);
        return InverseCore(y, theta);
    }

    /// <summary>The map over tiles, for flows that run whole over them and for the recursion of an autoregressive network; null if it has none.</summary>
    internal virtual ITileMap? Tiles => null;

    /// <summary>The mathematics of <see cref="Forward"/>.</summary>
    protected abstract (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta);

    /// <summary>The mathematics of <see cref="Inverse"/>.</summary>
    protected abstract (Tensor X, Tensor LogSlope) InverseCore(Tensor y, Tensor theta);

    /// <summary>Shows the map's settings, not what follows from its class.</summary>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Append(CultureInfo.InvariantCulture, $"{nameof(ParameterCount)} = {ParameterCount}");
        return true;
    }
}
