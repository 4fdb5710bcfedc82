namespace FlowKit.Experiments;

/// <summary>Where a setting came from; later origins override earlier ones.</summary>
public enum SettingOrigin
{
    /// <summary>FlowKit's own default.</summary>
    Default,

    /// <summary>The notebook.</summary>
    Notebook,

    /// <summary>An environment variable.</summary>
    Environment,

    /// <summary>The command line of <c>flowkit run</c>.</summary>
    CommandLine,
}
