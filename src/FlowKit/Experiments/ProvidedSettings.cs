using System.Text.Json;
using FlowKit.Training;

namespace FlowKit.Experiments;

/// <summary>The settings that the environment gives to an experiment, and which of them came from a command line.</summary>
internal sealed class ProvidedSettings
{
    private readonly Dictionary<string, string> values;
    private readonly HashSet<string> onCommandLine;
    private readonly HashSet<string> declared = [];

    private ProvidedSettings(Dictionary<string, string> values, IEnumerable<string> onCommandLine) => (this.values, this.onCommandLine) = (values, [.. onCommandLine]);

    /// <summary>Settings that were given but never requested.</summary>
    public IEnumerable<string> Unused => values.Keys.Except(declared);

    /// <summary>Reads the variables.</summary>
    /// <exception cref="ArgumentException">The settings are not a JSON object of strings, numbers and Booleans.</exception>
    public static ProvidedSettings Read()
    {
        string text = Variable(Experiment.SettingsVariable) ?? "{}";
        try
        {
            using var json = JsonDocument.Parse(text, new() { AllowDuplicateProperties = false });
            return new(json.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => Text(property.Value)),
                (Variable(Experiment.CommandLineVariable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ArgumentException($"{Experiment.SettingsVariable} is a JSON object such as {{\"lr\": 1e-3}}; it was '{text}'.", Experiment.SettingsVariable, error);
        }
    }

    /// <summary>A variable's text and origin; null if it is unset or empty.</summary>
    public (string Text, SettingOrigin Origin)? OfVariable(string variable, string name) =>
        Variable(variable) is { } text ? (text, Origin(name)) : null;

    /// <summary>A setting's text and origin; null if it was not given.</summary>
    public (string Text, SettingOrigin Origin)? Ask(string name)
    {
        declared.Add(name);
        TrainingHost.NoteDeclared(name);
        return values.TryGetValue(name, out string? text) ? (text, Origin(name)) : null;
    }

    private SettingOrigin Origin(string name) => onCommandLine.Contains(name) ? SettingOrigin.CommandLine : SettingOrigin.Environment;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw new InvalidOperationException($"A setting cannot be a JSON {value.ValueKind}."),
    };
}
