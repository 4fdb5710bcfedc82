namespace FlowKit.Experiments;

/// <summary>A setting of an experiment.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">Its value as text.</param>
/// <param name="Origin">Where the value came from.</param>
/// <example><code>
/// var experiment = Experiment.Start("grid");
/// experiment.Setting("layers", 8);
/// foreach (Setting setting in experiment.Settings) Console.WriteLine($"{setting.Name} = {setting.Value} ({setting.Origin})");
/// // => scale = quick (Default)
/// // => device = cpu (Default)
/// // => seed = 0 (Default)
/// // => layers = 8 (Notebook)
/// </code></example>
public sealed record Setting(string Name, string Value, SettingOrigin Origin);
