namespace FlowKit.Experiments;

/// <summary>A setting of an experiment.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">Its value, in words.</param>
/// <param name="Origin">Who decided it.</param>
public sealed record Setting(string Name, string Value, SettingOrigin Origin);
