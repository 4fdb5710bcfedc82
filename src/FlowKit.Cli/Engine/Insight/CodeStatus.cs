namespace FlowKit.Cli;

/// <summary>How complete a text is.</summary>
internal enum CodeStatus
{
    /// <summary>It can run as it is.</summary>
    Complete,

    /// <summary>The code is incomplete and needs another line.</summary>
    Incomplete,

    /// <summary>The code is invalid, and no further line can complete it.</summary>
    Invalid,

    /// <summary>The answer is not known.</summary>
    Unknown,
}
