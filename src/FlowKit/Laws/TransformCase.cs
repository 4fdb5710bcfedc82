using FlowKit.Transforms;

namespace FlowKit.Laws;

/// <summary>A transform to be held against the laws: how to make it, and data it is for.</summary>
/// <param name="Name">As a report shows it.</param>
/// <param name="Make">A fresh transform; the laws shake its parameters, so that none is proved on the identity alone.</param>
/// <param name="Data">A batch of that many rows from the middle of its domain, float64.</param>
/// <example><code>
/// using FlowKit.Laws;
/// TransformLaws.Check(new TransformCase("squeeze", () => new Squeeze(1, 4, 4), rows => randn([rows, 1, 4, 4], dtype: float64)));
/// </code></example>
public sealed record TransformCase(string Name, Func<Transform> Make, Func<long, Tensor> Data)
{
    /// <summary>Tolerance of the laws in float64: 1e-9, and 1e-7 where an inverse is found numerically.</summary>
    public double Tolerance { get; init; } = 1e-9;

    /// <summary>A batch of latents of its range; by default standard normal of the shape of z.</summary>
    public Func<long, Tensor>? Latents { get; init; }

    /// <summary>Where x lives: its tangent space is what the Jacobian acts on. By default R^D.</summary>
    public Space DataSpace { get; init; } = Space.Real(-1, 1);

    /// <summary>Where z lives.</summary>
    public Space LatentSpace { get; init; } = Space.Real(-1, 1);

    /// <summary>Whether Forward of Inverse gives z back: not for a layer that adds noise to x.</summary>
    public bool UndoesInverse { get; init; } = true;

    /// <summary>Whether Inverse of Forward gives x back: not for a layer that drops a part of x and draws it again.</summary>
    public bool UndoesForward { get; init; } = true;

    /// <summary>Whether it maps whole numbers to whole numbers, so that it has no volume to change.</summary>
    public bool IsDiscrete => DataSpace.IsDiscrete && LatentSpace.IsDiscrete;

    internal bool IsBijection => UndoesForward && UndoesInverse;

    /// <summary>The transform in float64 with every parameter moved by a random amount, and in evaluation mode.</summary>
    public Transform Create(int seed = 1)
    {
        manual_seed(seed);
        return Expect.Shaken(Make(), 0.3);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
