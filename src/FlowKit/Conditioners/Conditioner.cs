using System.Runtime.CompilerServices;

namespace FlowKit.Conditioners;

/// <summary>A network that turns what a layer may read, and the context, into the parameters of what it transforms. It knows nothing of flows.</summary>
/// <remarks>Shapes: inputs (B, Inputs, ...), context (B, ContextShape...) or null, outputs (B, Outputs, ...).</remarks>
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
public abstract class Conditioner(string name, long inputs, long outputs, Shape? contextShape) : FlowModule(name)
{
    /// <summary>Features it reads.</summary>
    public long Inputs { get; } = Guard.Size(inputs);

    /// <summary>Features it gives.</summary>
    public long Outputs { get; } = Guard.Size(outputs);

    /// <inheritdoc/>
    public override Shape? ContextShape { get; } = contextShape is null ? null : Guard.Sizes(contextShape, dimensions: 1);

    /// <summary>theta = h(x; c). Temporaries belong to the caller's dispose scope.</summary>
    public abstract Tensor Forward(Tensor x, Tensor? context);

    /// <summary>Whether the last layer reads the inputs themselves, beside what the other layers make of them.</summary>
    internal virtual bool PassesInputs => false;

    /// <summary>This network as a perceptron over tiles, which reads its inputs and then the context's numbers; null for one that is none.</summary>
    internal virtual TileNet? Tiles => null;

    /// <summary>Sets the last layer so that the network gives an affine map of its inputs at each position, whatever the other layers give: where training starts from data.</summary>
    /// <param name="constants">(Outputs).</param>
    /// <param name="slopes">(Outputs, Inputs), or null for none; only for a network that passes its inputs.</param>
    /// <exception cref="NotSupportedException">The network has no such layer, or it is not known here.</exception>
    internal virtual void StartAt(Tensor constants, Tensor? slopes) => throw new NotSupportedException($"{GetName()} cannot start from data: its last layer is not known here.");

    /// <summary>Numbers in one context; 0 without one.</summary>
    protected internal long ContextSize => ContextShape?.Volume ?? 0;

    /// <summary>What a layer's factory makes for these sizes: a network with any context, or none.</summary>
    /// <param name="factory">Makes a conditioner from (inputs, outputs).</param>
    /// <param name="inputs">Features the layer lets it read.</param>
    /// <param name="outputs">Features the layer needs.</param>
    /// <param name="name">Of the argument, for the message.</param>
    /// <exception cref="ArgumentException">The factory gave null, or a conditioner of other sizes.</exception>
    public static Conditioner Make(Func<long, long, Conditioner> factory, long inputs, long outputs, [CallerArgumentExpression(nameof(factory))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(factory, name);
        var made = Guard.Made(factory(inputs, outputs), name);
        return made.Inputs == inputs && made.Outputs == outputs
            ? made
            : throw new ArgumentException($"The conditioner maps {made.Inputs} to {made.Outputs} features; expected {inputs} to {outputs}.", name);
    }

    /// <summary>The same for a network that reads a context as its input, and therefore takes none beside it.</summary>
    internal static Conditioner MakePlain(Func<long, long, Conditioner> factory, long inputs, long outputs, [CallerArgumentExpression(nameof(factory))] string name = "")
    {
        var made = Make(factory, inputs, outputs, name);
        return made.ContextShape is null
            ? made
            : throw new ArgumentException($"The conditioner takes a context of shape {made.ContextShape} beside its input; expected none: the context is what it reads.", name);
    }

    /// <summary>The numbers of x and c side by side, (B, Inputs + C).</summary>
    protected static Tensor Join(Tensor x, Tensor? context) => context is null ? x : cat([x, context.flatten(1)], dim: 1);

    /// <summary>A linear layer that starts at zero, so that the flow starts at the identity.</summary>
    protected static TorchSharp.Modules.Linear ZeroLinear(long inputs, long outputs)
    {
        var layer = nn.Linear(inputs, outputs);
        nn.init.zeros_(layer.weight);
        nn.init.zeros_(layer.bias!);
        return layer;
    }
}
