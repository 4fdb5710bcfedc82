namespace FlowKit.Experiments;

/// <summary>A setting of an experiment.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">Its value as text.</param>
/// <param name="Origin">Where the value came from.</param>
public sealed record Setting(string Name, string Value, SettingOrigin Origin);
