namespace FlowKit.Experiments;

/// <summary>Who decided a setting; later ones overrule earlier ones.</summary>
public enum SettingOrigin
{
    /// <summary>Nobody: it is FlowKit's own default.</summary>
    Default,

    /// <summary>The notebook.</summary>
    Notebook,

    /// <summary>An environment variable.</summary>
    Environment,

    /// <summary>The command line of <c>flowkit run</c>.</summary>
    CommandLine,
}
