using System.Text.Json;

namespace FlowKit.Training;

/// <summary>What the environment says about an experiment's settings, and what of it came from a command line.</summary>
internal sealed class ProvidedSettings
{
    private readonly Dictionary<string, string> values;
    private readonly HashSet<string> onCommandLine;
    private readonly HashSet<string> asked = [];

    private ProvidedSettings(Dictionary<string, string> values, IEnumerable<string> onCommandLine) => (this.values, this.onCommandLine) = (values, [.. onCommandLine]);

    /// <summary>Those nobody asked for.</summary>
    public IEnumerable<string> Unused => values.Keys.Except(asked);

    /// <summary>Reads the variables.</summary>
    /// <exception cref="ArgumentException">The settings are no JSON object of strings, numbers and truth values.</exception>
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

    /// <summary>A variable's text and who set it; null where it is not set or empty.</summary>
    public (string Text, SettingOrigin Origin)? OfVariable(string variable, string name) =>
        Variable(variable) is { } text ? (text, Origin(name)) : null;

    /// <summary>A setting's text and who gave it; null where nobody did.</summary>
    public (string Text, SettingOrigin Origin)? Ask(string name)
    {
        asked.Add(name);
        TrainingHost.NoteDeclared(name);
        return values.TryGetValue(name, out string? text) ? (text, Origin(name)) : null;
    }

    private SettingOrigin Origin(string name) => onCommandLine.Contains(name) ? SettingOrigin.CommandLine : SettingOrigin.Environment;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw new InvalidOperationException($"{value.ValueKind} is no setting."),
    };
}
