using System.Globalization;

namespace FlowKit.Experiments;

/// <summary>A run did not deliver a number that its notebook promised.</summary>
/// <param name="broken">The rows that are wrong.</param>
/// <param name="untrained">Whether they are wrong because they hold although nothing was trained.</param>
/// <example><code>
/// var experiment = Experiment.Start("bound");
/// experiment.Results.Add(new("test NLL", "nats", Ours: 3.1, Claim: Claim.AtMost(3)));
/// try { experiment.AssertClaims(); }
/// catch (ClaimException e) { Console.WriteLine(e.Message); }  // => test NLL: claimed &lt;= 3 nats, measured 3.1
/// </code></example>
public sealed class ClaimException(IReadOnlyList<Result> broken, bool untrained = false) : Exception(Describe(broken, untrained))
{
    /// <summary>The rows whose claims do not hold or, in a run without training, hold all the same.</summary>
    public IReadOnlyList<Result> Broken { get; } = broken;

    private static string Describe(IReadOnlyList<Result> broken, bool untrained) => string.Join("; ", broken.Select(result => string.Create(
        CultureInfo.InvariantCulture, $"{result.Quantity}: {(untrained ? "without training, still" : "claimed")} {result.Claim?.Text} {result.Unit}, measured {result.Ours:G6}")));
}
