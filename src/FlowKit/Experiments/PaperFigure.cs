namespace FlowKit.Experiments;

/// <summary>A headline figure of a paper, as printed, and the nearest of ours.</summary>
/// <param name="Quantity">What the paper measured, and on which data.</param>
/// <param name="Source">Where the paper prints it: "Table 1".</param>
/// <param name="Figure">The paper's number.</param>
/// <param name="Unit">nats, bits/dim, ...; empty for a dimensionless number.</param>
/// <param name="Confidence">How certain the quoted figure is: "verified" against a second source, or "from memory".</param>
/// <param name="Comparable">Whether the two can be compared, and why not where they cannot. It begins with "yes", "no" or "in part".</param>
/// <param name="Ours">This run's number for the nearest thing that can be run, in the same unit; null: nothing near it was run, and the two are not comparable.</param>
/// <param name="StandardError">Of <paramref name="Ours"/>; null where it is not a mean of draws.</param>
/// <example><code>
/// var figure = new PaperFigure(
///     "CIFAR-10, test", Source: "Table 1", Figure: 3.49, Unit: "bits/dim", Confidence: "verified",
///     Comparable: "no: our figure is for Fashion-MNIST 14x14", Ours: 3.81, StandardError: 0.02);
/// Console.WriteLine($"{figure.Source}: {figure.Figure} {figure.Unit}");  // => Table 1: 3.49 bits/dim
/// </code></example>
public sealed record PaperFigure(
    string Quantity, string Source, double Figure, string Unit, string Confidence, string Comparable, double? Ours = null, double? StandardError = null);
