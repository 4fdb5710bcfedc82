namespace FlowKit.Experiments;

/// <summary>One row of a chapter's closing table.</summary>
/// <param name="Quantity">What was measured.</param>
/// <param name="Unit">nats, bits/dim, ...; empty for a dimensionless number.</param>
/// <param name="Ours">What this run measured.</param>
/// <param name="StandardError">Of <paramref name="Ours"/>, in its unit; null where it is not a mean of draws.</param>
/// <param name="Paper">The paper's figure, or null where the paper has none for these data.</param>
/// <param name="Confidence">How certain the paper's figure is: "verified", "from memory"; empty without a figure.</param>
/// <param name="Truth">The exactly known value, or null.</param>
/// <param name="Claim">What the notebook promises about <paramref name="Ours"/>, or null for a row that is only shown.</param>
/// <example><code>
/// var result = new Result("bits/dim on CIFAR-10", "bits/dim", Ours: 3.51, StandardError: 0.004, Paper: 3.49, Confidence: "verified", Claim: Claim.Within(3.49, 0.05));
/// Console.WriteLine(result.Holds);  // => True
/// </code></example>
public sealed record Result(
    string Quantity, string Unit, double Ours, double? StandardError = null,
    double? Paper = null, string Confidence = "", double? Truth = null, Claim? Claim = null)
{
    /// <summary>Whether the claim holds; null without one.</summary>
    public bool? Holds => Claim?.Holds(Ours);
}
