namespace FlowKit.Cli;

/// <summary>How complete a text is.</summary>
internal enum CodeStatus
{
    /// <summary>It can run as it is.</summary>
    Complete,

    /// <summary>It wants another line.</summary>
    Incomplete,

    /// <summary>No further line makes it run.</summary>
    Invalid,

    /// <summary>Nobody can tell.</summary>
    Unknown,
}
