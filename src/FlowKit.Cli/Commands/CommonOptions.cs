using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FlowKit.Cli;

/// <summary>Options that several commands have, and what each may be.</summary>
internal static class CommonOptions
{
    /// <summary>The size of the experiments.</summary>
    public static Option<string?> Scale() => Expect(
        new("--scale") { Description = "The size of the experiments: seconds, minutes, or that of the paper. [default: quick]", HelpName = "smoke|quick|paper" },
        "smoke, quick or paper", text => text is "smoke" or "quick" or "paper");

    /// <summary>The device that holds the tensors.</summary>
    public static Option<string?> Device() => Expect(
        new("--device") { Description = "The device that holds the tensors. [default: cpu]", HelpName = "cpu|cuda|cuda:N" },
        "cpu, cuda or cuda:N", text => text is "cpu" or "cuda" || (text.StartsWith("cuda:", StringComparison.Ordinal) && uint.TryParse(text.AsSpan(5), out _)));

    /// <summary>How long a cell may run.</summary>
    public static Option<string?> Timeout() => Expect(
        new("--timeout") { Description = "Stop a cell that runs longer than this. [default: never]", HelpName = "SECONDS" }, "a number of seconds above 0", text => Number(text) is > 0 and < 1e6);

    /// <summary>The time in that many seconds, as <see cref="Timeout"/> accepts them.</summary>
    public static TimeSpan? Time(string? seconds) => seconds is null ? null : TimeSpan.FromSeconds(Number(seconds));

    /// <summary>Name and value of a setting.</summary>
    public static KeyValuePair<string, string> Cut(string setting) => new(NameOf(setting), setting[(NameOf(setting).Length + 1)..]);

    /// <summary>Refuses values that the option does not accept.</summary>
    public static Option<string?> Expect(Option<string?> option, string expected, Func<string, bool> accepts)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !accepts(token.Value)) result.AddError($"{option.Name} is {expected}; it was '{token.Value}'.");
        });
        return option;
    }

    /// <summary>Refuses settings without a name, those that have options of their own, and those given twice.</summary>
    public static void CheckSettings(OptionResult result, string form, string example, string seedOption = "--seed")
    {
        string[] settings = [.. result.Tokens.Select(token => token.Value)];
        foreach (string text in settings)
            if (text.IndexOf('=') < 1 || NameOf(text).Contains(',')) result.AddError($"--set is {form}, as in --set {example}; it was '{text}'.");
            else if (NameOf(text) is "scale" or "device" or "seed")
                result.AddError($"--set gives a notebook's own settings; '{NameOf(text)}' has its own option, {(NameOf(text) == "seed" ? seedOption : $"--{NameOf(text)}")}.");
        foreach (var twice in settings.GroupBy(NameOf).Where(group => group.Count() > 1)) result.AddError($"--set gives '{twice.Key}' twice.");
    }

    /// <summary>What is wrong with a word that an argument does not accept: a word that begins with a hyphen was meant as an option.</summary>
    public static string Wrong(string word, string problem) => word is ['-', ..] ? $"There is no option '{word}'." : problem;

    /// <summary>Parses a number of the command line; NaN if it is not a number.</summary>
    public static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;

    private static string NameOf(string setting) => setting.Split('=')[0];
}
