using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FlowKit.Cli;

/// <summary>The options that say how notebooks run, for every command that runs them.</summary>
internal sealed class RunSettings
{
    private readonly Option<string?> scale = new("--scale") { Description = "How large the experiments are: seconds, minutes or the paper's own. [default: quick]", HelpName = "smoke|quick|paper" };
    private readonly Option<string?> device = new("--device") { Description = "Where tensors live. [default: cpu]", HelpName = "cpu|cuda|cuda:N" };
    private readonly Option<string?> seed = new("--seed") { Description = "Seed of the random numbers. [default: 0]", HelpName = "N" };
    private readonly Option<string[]> set = new("--set") { Description = "A setting that the notebook asks for, instead of its own value; may be given again.", HelpName = "NAME=VALUE" };
    private readonly Option<string?> timeout = new("--timeout") { Description = "Stop a cell that runs longer. [default: never]", HelpName = "SECONDS" };

    public RunSettings()
    {
        Expect(scale, "smoke, quick or paper", text => text is "smoke" or "quick" or "paper");
        Expect(device, "cpu, cuda or cuda:N", text => text is "cpu" or "cuda" || (text.StartsWith("cuda:", StringComparison.Ordinal) && uint.TryParse(text.AsSpan(5), out _)));
        Expect(seed, "a whole number of 64 bits", text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
        Expect(timeout, "a number of seconds above 0", text => Number(text) is > 0 and < 1e6);
        set.Validators.Add(CheckSettings);
    }

    /// <summary>The options, in the order of the help text.</summary>
    public IEnumerable<Option> All => [scale, device, seed, set, timeout];

    /// <summary>What the command line says of them.</summary>
    public RunOptions Read(ParseResult parsed, IReadOnlyList<string> notebooks) => new(
        notebooks, Output: null, parsed.GetValue(scale), parsed.GetValue(device), parsed.GetValue(seed),
        parsed.GetValue(timeout) is { } text ? TimeSpan.FromSeconds(Number(text)) : null, AllowErrors: false,
        (parsed.GetValue(set) ?? []).ToDictionary(NameOf, text => text[(NameOf(text).Length + 1)..]), Results: null);

    /// <summary>Refuses what an option does not accept.</summary>
    public static void Expect(Option<string?> option, string expected, Func<string, bool> accepts) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !accepts(token.Value)) result.AddError($"{option.Name} is {expected}; it was '{token.Value}'.");
    });

    /// <summary>A number as the command line writes it; NaN if it is none.</summary>
    public static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;

    private static string NameOf(string setting) => setting.Split('=')[0];

    private static void CheckSettings(OptionResult result)
    {
        string[] settings = [.. result.Tokens.Select(token => token.Value)];
        foreach (string text in settings)
            if (text.IndexOf('=') < 1 || NameOf(text).Contains(',')) result.AddError($"--set is NAME=VALUE, as in --set lr=1e-4; it was '{text}'.");
            else if (NameOf(text) is "scale" or "device" or "seed") result.AddError($"--set gives a notebook's own settings; '{NameOf(text)}' has its own option, --{NameOf(text)}.");
        foreach (var twice in settings.GroupBy(NameOf).Where(group => group.Count() > 1)) result.AddError($"--set gives '{twice.Key}' twice.");
    }
}
