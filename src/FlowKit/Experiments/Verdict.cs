namespace FlowKit.Experiments;

/// <summary>What a chapter found about a claim of its paper.</summary>
/// <example><code>
/// var experiment = Experiment.Start("verdicts");
/// experiment.Claims.Add(new("C1", "The scales are a spectrum.", "section 3.3"));
/// experiment.Results.Add(new("largest distance from the spectrum", "", Ours: 0.8, Claim: Claim.AtLeast(0.5), Tests: "C1", Contradicts: true));
/// Verdict verdict = experiment.Claims.VerdictOn("C1");
/// Console.WriteLine(verdict == Verdict.DoesNotHold);  // => True
/// </code></example>
public enum Verdict
{
    /// <summary>Every row that tests the claim keeps its promise, and none of them speaks against the claim.</summary>
    Holds,

    /// <summary>Some rows speak for the claim and some against it, or a part of it was not tested.</summary>
    HoldsInPart,

    /// <summary>Every row that tests the claim speaks against it.</summary>
    DoesNotHold,

    /// <summary>Nothing here tests it.</summary>
    NotTested,

    /// <summary>A row that tests it broke its promise: this run shows nothing about the claim.</summary>
    NotShown,

    /// <summary>This run judges no claim, as at smoke scale.</summary>
    NotJudged,
}
