using System.Globalization;
using System.Text;

namespace FlowKit.Training;

/// <summary>An experiment's results as text.</summary>
internal static class ExperimentReport
{
    private static readonly string[] columns = ["quantity", "unit", "paper", "confidence", "truth", "ours", "standard_error", "claim", "verdict"];

    /// <summary>Names that no setting of a notebook can have.</summary>
    public static IEnumerable<string> Reserved => ["experiment", "scale", "device", "seed", .. columns];

    /// <summary>One line a result; each repeats the settings, so that the files of many runs can be joined.</summary>
    public static string Csv(Experiment experiment)
    {
        var text = new StringBuilder();
        Line(["experiment", .. experiment.Settings.Select(setting => setting.Name), .. columns]);
        foreach (var row in experiment.Results)
            Line([experiment.Name, .. experiment.Settings.Select(setting => setting.Value),
                row.Quantity, row.Unit, Exact(row.Paper), row.Confidence, Exact(row.Truth), Exact(row.Ours), Exact(row.StandardError), row.Claim?.Text ?? "", Verdict(experiment, row)]);
        return text.ToString();

        void Line(IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Quote)).Append('\n');
    }

    /// <summary>The settings with their origins, then the closing table.</summary>
    public static string Markdown(Experiment experiment)
    {
        var text = new StringBuilder($"# {experiment.Name}\n\n");
        Table(["setting", "value", "origin"], experiment.Settings.Select(setting => (string[])[setting.Name, setting.Value, Words(setting.Origin)]));
        text.Append('\n');
        Table(["quantity", "paper", "truth", "ours", "claim", "verdict"], experiment.Results.Select(row => (string[])
        [
            row.Unit.Length > 0 ? $"{row.Quantity} ({row.Unit})" : row.Quantity,
            row.Paper is null ? "" : row.Confidence.Length > 0 ? $"{Short(row.Paper)} ({row.Confidence})" : Short(row.Paper),
            Short(row.Truth),
            row.StandardError is { } error ? $"{Short(row.Ours)} ± {error.ToString("G2", CultureInfo.InvariantCulture)}" : Short(row.Ours),
            row.Claim?.Text ?? "",
            Verdict(experiment, row),
        ]));
        return text.ToString();

        void Table(string[] header, IEnumerable<string[]> rows)
        {
            foreach (string[] row in rows.Prepend([.. header.Select(_ => "---")]).Prepend(header))
                text.Append("| ").AppendJoin(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" "))).Append(" |\n");
        }
    }

    /// <summary>The experiment's name as that of a file: "Chapter 2: RealNVP" is chapter-2-realnvp.</summary>
    public static string FileName(Experiment experiment)
    {
        string name = string.Join('-', string.Concat(experiment.Name.ToLowerInvariant().Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return name.Length > 0 ? name : "experiment";
    }

    private static string Verdict(Experiment experiment, Result row) => row.Holds switch
    {
        null => "",
        _ when !experiment.Judges => "not judged",
        true => "holds",
        false => "broken",
    };

    private static string Words(SettingOrigin origin) => origin == SettingOrigin.CommandLine ? "command line" : origin.ToString().ToLowerInvariant();

    private static string Exact(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static string Short(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? "";

    private static string Quote(string cell) => cell.AsSpan().ContainsAny("\",\n\r") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
