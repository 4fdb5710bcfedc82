namespace FlowKit.Conditioners;

/// <summary>A network that turns what a layer may read, and the context, into the parameters of what it transforms. It knows nothing of flows.</summary>
/// <remarks>Shapes: inputs (B, Inputs, ...), context (B, ContextFeatures) or null, outputs (B, Outputs, ...).</remarks>
/// <example><code>
/// // Any of them serves a coupling; the flow starts at the identity.
/// manual_seed(0);
/// Func&lt;long, long, Conditioner>[] makers = [(inputs, outputs) => new Mlp(inputs, outputs, [32]), (inputs, outputs) => new ResidualMlp(inputs, outputs, width: 32)];
/// var x = randn(5, 4);
/// foreach (var maker in makers)
///     Console.WriteLine(new Coupling(Masks.Half(4, second: true), new AffineMap(), maker).Forward(x).Z.allclose(x));
/// // => True
/// // => True
/// </code></example>
public abstract class Conditioner(string name, long inputs, long outputs, long contextFeatures) : FlowModule(name)
{
    /// <summary>Features it reads.</summary>
    public long Inputs { get; } = Guard.Size(inputs);

    /// <summary>Features it gives.</summary>
    public long Outputs { get; } = Guard.Size(outputs);

    /// <inheritdoc/>
    public override long ContextFeatures { get; } = Guard.Size(contextFeatures);

    /// <summary>theta = h(x; c). Temporaries belong to the caller's dispose scope.</summary>
    public abstract Tensor Forward(Tensor x, Tensor? context);

    /// <summary>x and c side by side, (B, Inputs + ContextFeatures).</summary>
    private protected static Tensor Join(Tensor x, Tensor? context) => context is null ? x : cat([x, context], dim: 1);

    /// <summary>A linear layer that starts at zero, so that the flow starts at the identity.</summary>
    private protected static TorchSharp.Modules.Linear ZeroLinear(long inputs, long outputs)
    {
        var layer = nn.Linear(inputs, outputs);
        nn.init.zeros_(layer.weight);
        nn.init.zeros_(layer.bias!);
        return layer;
    }
}
