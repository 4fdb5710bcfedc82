using System.Globalization;

namespace FlowKit.Experiments;

/// <summary>A run did not deliver a number that its notebook promised.</summary>
/// <example><code>
/// var experiment = Experiment.Start("bound");
/// experiment.Results.Add(new("test NLL", "nats", Ours: 3.1, Claim: Claim.AtMost(3)));
/// try { experiment.AssertClaims(); }
/// catch (ClaimException e) { Console.WriteLine(e.Message); }  // => test NLL: claimed &lt;= 3 nats, measured 3.1
/// </code></example>
public sealed class ClaimException(IReadOnlyList<Result> broken) : Exception(Describe(broken))
{
    /// <summary>The rows whose claims do not hold.</summary>
    public IReadOnlyList<Result> Broken { get; } = broken;

    private static string Describe(IReadOnlyList<Result> broken) => string.Join("; ", broken.Select(result => string.Create(
        CultureInfo.InvariantCulture, $"{result.Quantity}: claimed {result.Claim?.Text} {result.Unit}, measured {result.Ours:G6}")));
}
