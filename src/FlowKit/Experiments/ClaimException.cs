using System.Globalization;

namespace FlowKit.Experiments;

/// <summary>A run did not deliver a number that its notebook promised.</summary>
public sealed class ClaimException(IReadOnlyList<Result> broken) : Exception(Describe(broken))
{
    /// <summary>The rows whose claims do not hold.</summary>
    public IReadOnlyList<Result> Broken { get; } = broken;

    private static string Describe(IReadOnlyList<Result> broken) => string.Join("; ", broken.Select(result => string.Create(
        CultureInfo.InvariantCulture, $"{result.Quantity}: claimed {result.Claim?.Text} {result.Unit}, measured {result.Ours:G6}")));
}
