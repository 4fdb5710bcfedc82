namespace FlowKit.Experiments;

/// <summary>How large a run is.</summary>
public enum Scale
{
    /// <summary>Seconds: every line runs, no claim is judged.</summary>
    Smoke,

    /// <summary>Minutes on two cores: the claims are earned and asserted. What is committed.</summary>
    Quick,

    /// <summary>The paper's own sizes, on a GPU.</summary>
    Paper,
}
