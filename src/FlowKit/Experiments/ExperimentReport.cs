using System.Globalization;

namespace FlowKit.Experiments;

/// <summary>An experiment's results as text.</summary>
internal static class ExperimentReport
{
    private static readonly string[] columns = ["quantity", "unit", "paper", "confidence", "truth", "ours", "standard_error", "claim", "verdict", "tests", "contradicts", "without_training"];

    /// <summary>Names that no setting of a notebook can have.</summary>
    public static IEnumerable<string> Reserved => ["experiment", "scale", "device", "seed", .. columns];

    /// <summary>One line per result; each repeats the settings, so that the files of many runs can be joined.</summary>
    public static string Csv(Experiment experiment) => TableText.Csv(experiment.Results.Select(row => (IEnumerable<string>)
    [
        experiment.Name, .. experiment.Settings.Select(setting => setting.Value),
        row.Quantity, row.Unit, Exact(row.Paper), row.Confidence, Exact(row.Truth), Exact(row.Ours), Exact(row.StandardError), row.Claim?.Text ?? "", Verdict(experiment, row), row.Tests, row.Contradicts ? "yes" : "", row.WithoutTraining,
    ]).Prepend(["experiment", .. experiment.Settings.Select(setting => setting.Name), .. columns]));

    /// <summary>The settings with their origins, then the closing table.</summary>
    public static string Markdown(Experiment experiment)
    {
        string settings = TableText.Markdown(["setting", "value", "origin"], experiment.Settings.Select(setting => (string[])[setting.Name, setting.Value, Words(setting.Origin)]));
        string results = TableText.Markdown(["quantity", "paper", "truth", "ours", "claim", "verdict"], experiment.Results.Select(row => (string[])
        [
            row.Unit.Length > 0 ? $"{row.Quantity} ({row.Unit})" : row.Quantity,
            row.Paper is null ? "" : row.Confidence.Length > 0 ? $"{Short(row.Paper)} ({row.Confidence})" : Short(row.Paper),
            Short(row.Truth),
            WithError(row.Ours, row.StandardError),
            row.Claim?.Text ?? "",
            Verdict(experiment, row),
        ]));
        return $"# {experiment.Name}\n\n{settings}\n{results}{Paper(experiment)}{Claims(experiment)}";
    }

    private static string Paper(Experiment experiment) => experiment.Paper.Count == 0 ? "" : "\n" + TableText.Markdown(
        ["the paper's figure", "source", "paper", "ours", "comparable?"], experiment.Paper.Select(row => (string[])
        [
            row.Unit.Length > 0 ? $"{row.Quantity} ({row.Unit})" : row.Quantity, row.Source, $"{Exact(row.Figure)} ({row.Confidence})", WithError(row.Ours, row.StandardError), row.Comparable,
        ]));

    private static string Claims(Experiment experiment) => experiment.Claims.Count == 0 ? "" : "\n" + TableText.Markdown(
        ["claim", "source", "verdict"], experiment.Claims.Select(claim => (string[])[$"{claim.Number}: {claim.Statement}", claim.Source, experiment.Claims.Words(claim)]));

    private static string Verdict(Experiment experiment, Result row) => row.Holds switch
    {
        null => "",
        _ when !experiment.Judges => "not judged",
        true => "holds",
        false => "broken",
    };

    private static string WithError(double? value, double? error) =>
        error is null ? Short(value) : $"{Short(value)} ± {error.Value.ToString("G2", CultureInfo.InvariantCulture)}";

    private static string Words(SettingOrigin origin) => origin == SettingOrigin.CommandLine ? "command line" : origin.ToString().ToLowerInvariant();

    private static string Exact(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static string Short(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? "";
}
