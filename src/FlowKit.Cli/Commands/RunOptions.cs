using System.Text.Json;
using FlowKit.Experiments;
using FlowKit.Training;

namespace FlowKit.Cli;

/// <summary>What <c>flowkit run</c> was asked to do.</summary>
/// <param name="Notebooks">Files that exist.</param>
/// <param name="Output">A file or folder, or null to write each notebook in its place.</param>
/// <param name="Scale">smoke, quick, paper, or null.</param>
/// <param name="Device">cpu, cuda, cuda:N, or null.</param>
/// <param name="Seed">A 64-bit integer, or null.</param>
/// <param name="Timeout">Of each cell, or null.</param>
/// <param name="AllowErrors">Whether a failed cell ends its notebook.</param>
/// <param name="Settings">The notebooks' own settings, by name; they overrule those of the environment.</param>
/// <param name="Results">The folder for tables of results, or null.</param>
/// <param name="Checkpoints">The folder for the state of trainings, or null.</param>
internal sealed record RunOptions(
    IReadOnlyList<string> Notebooks, string? Output, string? Scale, string? Device, string? Seed, TimeSpan? Timeout, bool AllowErrors,
    IReadOnlyDictionary<string, string> Settings, string? Results, string? Checkpoints = null)
{
    /// <summary>The settings as <see cref="Experiment"/> reads them; null leaves a variable as it is.</summary>
    /// <param name="given">Settings that the caller's environment gives, as JSON; those of the command line overrule them.</param>
    public IEnumerable<(string Variable, string? Value)> Variables(string? given) =>
    [
        (Experiment.ScaleVariable, Scale),
        (Experiment.DeviceVariable, Device),
        (Experiment.SeedVariable, Seed),
        (Experiment.SettingsVariable, Settings.Count > 0 ? Merged(given) : null),
        (Experiment.CommandLineVariable, string.Join(',', OnCommandLine)),
        (Experiment.ResultsVariable, Results is null ? null : Path.GetFullPath(Results)),
    ];

    /// <summary>The folder for the state of one notebook's trainings, or null.</summary>
    public string? CheckpointsOf(string notebook) => Checkpoints is null ? null : Path.GetFullPath(Path.Combine(Checkpoints, Path.GetFileNameWithoutExtension(notebook)));

    /// <summary>Refuses settings that no notebook of this process declared: a run with a mistyped name must not look like a run of the intended setting.</summary>
    /// <exception cref="UsageException">There are such settings.</exception>
    public void CheckSettings() => Refuse(Settings.Keys.Except(TrainingHost.DeclaredSettings), TrainingHost.DeclaredSettings);

    /// <summary>Refuses settings that no notebook declares.</summary>
    /// <exception cref="UsageException">There are such settings.</exception>
    public static void Refuse(IEnumerable<string> undeclared, IEnumerable<string> declared)
    {
        string[] unknown = [.. undeclared], known = [.. declared.Distinct().Order(StringComparer.Ordinal)];
        if (unknown.Length == 0) return;
        throw new UsageException($"--set {string.Join(", ", unknown)}: no notebook declares this setting; {(known.Length > 0 ? $"the declared settings are: {string.Join(", ", known)}" : "none declares any")}.");
    }

    private IEnumerable<string> OnCommandLine =>
        new[] { ("scale", Scale), ("device", Device), ("seed", Seed) }.Where(setting => setting.Item2 is not null).Select(setting => setting.Item1).Concat(Settings.Keys);

    private string Merged(string? given)
    {
        var all = given is null ? [] : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(given)!.ToDictionary(setting => setting.Key, setting => (object)setting.Value);
        foreach (var (name, value) in Settings) all[name] = value;
        return JsonSerializer.Serialize(all);
    }
}
