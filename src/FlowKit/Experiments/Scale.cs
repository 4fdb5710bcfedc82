namespace FlowKit.Experiments;

/// <summary>How large a run is.</summary>
/// <example><code>
/// var experiment = Experiment.Start("scales");
/// long[] hidden = experiment.Scale == Scale.Paper ? [1000, 1000] : [64, 64];
/// Console.WriteLine($"{experiment.Scale}: {string.Join(", ", hidden)}");  // => Quick: 64, 64
/// </code></example>
public enum Scale
{
    /// <summary>Seconds: every line runs, no claim is judged.</summary>
    Smoke,

    /// <summary>Minutes on two cores: the claims are earned and asserted. What is committed.</summary>
    Quick,

    /// <summary>The paper's own sizes, on a GPU.</summary>
    Paper,
}
