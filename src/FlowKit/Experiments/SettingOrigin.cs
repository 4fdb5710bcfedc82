namespace FlowKit.Experiments;

/// <summary>Where a setting came from; later origins override earlier ones.</summary>
/// <example><code>
/// var experiment = Experiment.Start("origins");
/// double rate = experiment.Setting("lr", 1e-3);
/// bool isGiven = experiment.Settings[^1].Origin >= SettingOrigin.Environment;      // by FLOWKIT_SET or flowkit run --set
/// Console.WriteLine(isGiven);  // => False
/// </code></example>
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
