namespace FlowKit.Experiments;

/// <summary>A measured number, the truth and the paper's figure for the same quantity where there are any, and what the notebook promises about it.</summary>
/// <param name="Quantity">What was measured.</param>
/// <param name="Unit">nats, bits/dim, ...; empty for a dimensionless number.</param>
/// <param name="Ours">What this run measured.</param>
/// <param name="StandardError">Of <paramref name="Ours"/>, in its unit; null where it is not a mean of draws.</param>
/// <param name="Paper">The paper's figure, or null where the paper has none for these data.</param>
/// <param name="Confidence">How certain the paper's figure is: "verified", "from memory"; empty without a figure.</param>
/// <param name="Truth">The exactly known value, or null.</param>
/// <param name="Claim">What the notebook promises about <paramref name="Ours"/>, or null for a row that is only shown.</param>
/// <param name="Tests">The number of the paper's claim that this row tests, as in <see cref="ClaimTable"/>: "C3", or "C2, C4"; empty: none.</param>
/// <param name="Contradicts">Whether the promise, when it is kept, speaks against the paper's claim.</param>
/// <param name="WithoutTraining">Why the promise may hold for a model that was never trained, as a short sentence; empty: it is about learning, and an untrained model must break it.</param>
/// <example><code>
/// var result = new Result("bits/dim on CIFAR-10", "bits/dim", Ours: 3.51, StandardError: 0.004, Paper: 3.49, Confidence: "verified", Claim: Claim.Within(3.49, 0.05));
/// Console.WriteLine(result.Holds);  // => True
/// </code></example>
public sealed record Result(
    string Quantity, string Unit, double Ours, double? StandardError = null,
    double? Paper = null, string Confidence = "", double? Truth = null, Claim? Claim = null,
    string Tests = "", bool Contradicts = false, string WithoutTraining = "")
{
    /// <summary>Whether the claim holds; null without one.</summary>
    public bool? Holds => Claim?.Holds(Ours);

    /// <summary>The numbers of the paper's claims that this row tests.</summary>
    internal IReadOnlyList<string> ClaimNumbers => Tests.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
