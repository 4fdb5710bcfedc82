using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

/// <summary>One transform of the catalog: how to make it, and data it is for.</summary>
/// <param name="Name">As the test report shows it.</param>
/// <param name="Make">A fresh transform; the laws shake its parameters, so that no law is proved on the identity alone.</param>
/// <param name="Data">A batch of that many rows from the middle of its domain, float64.</param>
public sealed record TransformCase(string Name, Func<Transform> Make, Func<long, Tensor> Data)
{
    /// <summary>Tolerance of the laws in float64: 1e-9, and 1e-7 where an inverse is found numerically.</summary>
    public double Tolerance { get; init; } = 1e-9;

    /// <summary>A batch of latents of its range; by default standard normal of the shape of z.</summary>
    public Func<long, Tensor>? Latents { get; init; }

    /// <summary>The transform in float64 with every parameter moved by a random amount, and in evaluation mode.</summary>
    public Transform Create(int seed = 1)
    {
        manual_seed(seed);
        var transform = Make();
        transform.to(float64);
        using (no_grad())
            foreach (var parameter in transform.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        transform.eval();
        return transform;
    }

    /// <summary>A context for that many rows, or null for an unconditional transform.</summary>
    public static Tensor? Context(Transform transform, long rows) =>
        transform.ContextShape is not null ? randn([rows, .. transform.ContextShape], dtype: float64) : null;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
