using System.Collections;

namespace FlowKit.Experiments;

/// <summary>The claims of a chapter's paper, and the verdict on each, which follows from the results that test it.</summary>
/// <example><code>
/// var experiment = Experiment.Start("claims");
/// experiment.Claims.Add(new("C1", "The likelihood is exact.", Source: "section 3.1"));
/// experiment.Claims.Add(new("C2", "Photographs take few bits.", Source: "Table 1", NotTested: "there are no photographs here"));
/// experiment.Results.Add(new("mass of the density", "", Ours: 1.0002, Truth: 1, Claim: Claim.Within(1, 1e-3), Tests: "C1"));
/// foreach (var claim in experiment.Claims) Console.WriteLine($"{claim.Number}: {experiment.Claims.VerdictOn(claim.Number)}");
/// // => C1: Holds
/// // => C2: NotTested
/// experiment.Claims
/// </code></example>
public sealed class ClaimTable : IReadOnlyList<PaperClaim>
{
    private readonly Experiment experiment;
    private readonly List<PaperClaim> claims = [];

    internal ClaimTable(Experiment experiment) => this.experiment = experiment;

    /// <summary>Adds a claim.</summary>
    /// <exception cref="ArgumentException">Its number is empty or taken, or it has no statement or source.</exception>
    public void Add(PaperClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentException.ThrowIfNullOrWhiteSpace(claim.Number, nameof(claim.Number));
        ArgumentException.ThrowIfNullOrWhiteSpace(claim.Statement, nameof(claim.Statement));
        ArgumentException.ThrowIfNullOrWhiteSpace(claim.Source, nameof(claim.Source));
        if (claims.Any(other => other.Number == claim.Number)) throw new ArgumentException($"There is a claim {claim.Number} already.", nameof(claim));
        claims.Add(claim);
    }

    /// <inheritdoc/>
    public int Count => claims.Count;

    /// <inheritdoc/>
    public PaperClaim this[int index] => claims[index];

    /// <inheritdoc/>
    public IEnumerator<PaperClaim> GetEnumerator() => claims.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The results that test a claim by a promise of their own, in the order they were recorded.</summary>
    /// <param name="number">"C1", ...</param>
    /// <exception cref="ArgumentException">No claim has this number.</exception>
    public IReadOnlyList<Result> ResultsFor(string number)
    {
        _ = Get(number);
        return [.. experiment.Results.Where(row => row.Claim is not null && row.ClaimNumbers.Contains(number))];
    }

    /// <summary>What the results say about a claim.</summary>
    /// <param name="number">"C1", ...</param>
    /// <exception cref="ArgumentException">No claim has this number.</exception>
    public Verdict VerdictOn(string number)
    {
        var (claim, rows) = (Get(number), ResultsFor(number));
        if (rows.Count == 0) return Verdict.NotTested;
        if (!experiment.Judges) return Verdict.NotJudged;
        if (rows.Any(row => row.Holds == false)) return Verdict.NotShown;
        if (rows.All(row => row.Contradicts)) return Verdict.DoesNotHold;
        return claim.NotTested.Length > 0 || rows.Any(row => row.Contradicts) ? Verdict.HoldsInPart : Verdict.Holds;
    }

    /// <summary>The verdict in words, with what was not tested.</summary>
    internal string Words(PaperClaim claim)
    {
        string verdict = VerdictOn(claim.Number) switch
        {
            Verdict.Holds => "holds",
            Verdict.HoldsInPart => "holds in part",
            Verdict.DoesNotHold => "does not hold here",
            Verdict.NotTested => "not tested",
            Verdict.NotShown => "not shown",
            _ => "not judged at this scale",
        };
        return claim.NotTested.Length == 0 ? verdict : verdict == "not tested" ? $"{verdict}: {claim.NotTested}" : $"{verdict}; not tested: {claim.NotTested}";
    }

    /// <summary>Each number that a result refers to is listed, and each claim has results or a reason for having none.</summary>
    internal void CheckNumbers()
    {
        foreach (var row in experiment.Results)
            foreach (string number in row.ClaimNumbers)
                if (claims.All(claim => claim.Number != number))
                    throw new InvalidOperationException($"The result '{row.Quantity}' tests {number}, which is not among the claims{(Count == 0 ? "" : $" {string.Join(", ", claims.Select(claim => claim.Number))}")}.");
        foreach (var claim in claims)
            if (claim.NotTested.Length == 0 && ResultsFor(claim.Number).Count == 0)
                throw new InvalidOperationException($"The claim {claim.Number} has no result with a promise that tests it, and no reason why it is not tested.");
    }

    private PaperClaim Get(string number) =>
        claims.Find(claim => claim.Number == number) ?? throw new ArgumentException($"No claim has the number '{number}'.", nameof(number));
}
