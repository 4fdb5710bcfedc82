namespace FlowKit.Data;

/// <summary>Points of the plane in classes of equal probability, each of a known density: by Bayes' rule p(c | x) is exact too.</summary>
/// <example><code>
/// manual_seed(0);
/// var plane = PlaneClasses.Four();
/// var (x, label) = plane.Sample(1000);
/// Console.WriteLine(string.Join(", ", plane.Classes.Select(one => $"{one.Entropy:F3}")));          // => 1.228, 0.718, 1.039, 1.228
/// Console.WriteLine(plane.Posterior(x).sum(dim: 1).allclose(ones(1000)));                             // => True
/// Console.WriteLine(plane.Posterior(x).argmax(1).eq(label).to(float32).mean().ToDouble() > 0.8);   // => True
/// </code></example>
public sealed class PlaneClasses
{
    /// <summary>Classes of these densities.</summary>
    /// <param name="classes">At least two.</param>
    /// <exception cref="ArgumentException">There are fewer than two.</exception>
    public PlaneClasses(params IReadOnlyList<ToyDensity> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        Guard.NoneNull(classes, nameof(classes));
        if (classes.Count < 2) throw new ArgumentException($"Expected at least two classes; got {classes.Count}.", nameof(classes));
        Classes = classes;
    }

    /// <summary>p(x | c) for c = 0, ..., K - 1.</summary>
    public IReadOnlyList<ToyDensity> Classes { get; }

    /// <summary>A round normal law, a banana, a segment of a ring and a spiral, so close to each other that points between them leave the class open.</summary>
    public static PlaneClasses Four() => new(
        new PlacedDensity(new GaussianRing(modes: 1, radius: 0, sd: 1), scale: Math.Sqrt(0.2), x: -0.8, y: 0.9),
        new PlacedDensity(new Banana(), scale: Math.Sqrt(0.12), x: 0.6, y: 1),
        new PlacedDensity(new RingSegment(radius: 1.6, sd: 0.16, angle: -Math.PI / 2, width: 0.65), x: 0.7, y: 0.9),
        new PlacedDensity(new Spiral(length: 1, width: 0.2, twist: 2), x: -0.8, y: -0.6));

    /// <summary>Points with their classes, the points in the precision and on the device of the densities: (count, 2), and (count) of int64.</summary>
    /// <param name="count">>= 0.</param>
    public (Tensor X, Tensor Label) Sample(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] draws = [.. Classes.Select(one => one.Sample(count))];
        var label = randint(0, Classes.Count, [count], dtype: int64, device: draws[0].device);
        var x = stack(draws, 1).gather(1, label.reshape(-1, 1, 1).expand(-1, 1, 2)).squeeze(1);
        return scope.MoveToOuter(x, label);
    }

    /// <summary>log p(x | c) of each class, (B, K), nats.</summary>
    /// <param name="x">(B, 2).</param>
    public Tensor LogProbs(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor[] each = [.. Classes.Select(one => one.LogProb(x))];
        return scope.MoveToOuter(stack(each, 1));
    }

    /// <summary>p(c | x) = p(x | c) / Σ_c' p(x | c'), (B, K).</summary>
    /// <param name="x">(B, 2).</param>
    public Tensor Posterior(Tensor x) => LogProbs(x).softmax(1);
}
