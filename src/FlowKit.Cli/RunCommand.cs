using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit run</c>: its arguments, and what each one may be.</summary>
internal static class RunCommand
{
    private const string Description = """
        Runs every cell of each notebook in a C# session of its own and stores the outputs in the file.

        Examples:
          flowkit run notebooks/02-realnvp.ipynb
          flowkit run notebooks/*.ipynb -o executed/ --scale smoke --timeout 60
          flowkit run notebooks/02-realnvp.ipynb --set lr=1e-4 --set layers=8 --results results/

        Exit code: 0 all cells ran, 1 a cell or a file failed, 2 wrong command line, 130 interrupted.
        """;

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(TextWriter output, TextWriter error, bool isTerminal)
    {
        var notebooks = new Argument<string[]>("notebook") { Description = "The .ipynb files to run.", Arity = ArgumentArity.OneOrMore, HelpName = "NOTEBOOK.ipynb" };
        var target = new Option<string?>("--output", "-o") { Description = "Write here instead: a file, or a folder (one that exists, that ends in a slash, or for several notebooks).", HelpName = "OUT" };
        var scale = new Option<string?>("--scale") { Description = "How large the experiments are: seconds, minutes or the paper's own. [default: quick]", HelpName = "smoke|quick|paper" };
        var device = new Option<string?>("--device") { Description = "Where tensors live. [default: cpu]", HelpName = "cpu|cuda|cuda:N" };
        var seed = new Option<string?>("--seed") { Description = "Seed of the random numbers. [default: 0]", HelpName = "N" };
        var set = new Option<string[]>("--set") { Description = "A setting that the notebook asks for, instead of its own value; may be given again.", HelpName = "NAME=VALUE" };
        var results = new Option<string?>("--results") { Description = "Write the tables of results here, as CSV and Markdown. [default: nowhere]", HelpName = "FOLDER" };
        var timeout = new Option<string?>("--timeout") { Description = "Stop a cell that runs longer. [default: never]", HelpName = "SECONDS" };
        var allowErrors = new Option<bool>("--allow-errors") { Description = "Go on with the next cell after a cell that failed, and exit with 0." };

        Expect(scale, "smoke, quick or paper", text => text is "smoke" or "quick" or "paper");
        Expect(device, "cpu, cuda or cuda:N", text => text is "cpu" or "cuda" || (text.StartsWith("cuda:", StringComparison.Ordinal) && uint.TryParse(text.AsSpan(5), out _)));
        Expect(seed, "a whole number of 64 bits", text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
        Expect(timeout, "a number of seconds above 0", text => Seconds(text) is > 0 and < 1e6);
        Expect(results, "a folder", text => text.Length > 0 && !File.Exists(text));
        set.Validators.Add(CheckSettings);
        notebooks.Validators.Add(CheckNotebooks);

        var command = new Command("run", Description) { notebooks, target, scale, device, seed, set, results, timeout, allowErrors };
        command.SetAction((parsed, interrupt) => Task.Run(() => RunNotebooks.Run(new(
            parsed.GetValue(notebooks)!, parsed.GetValue(target), parsed.GetValue(scale), parsed.GetValue(device), parsed.GetValue(seed),
            parsed.GetValue(timeout) is { } text ? TimeSpan.FromSeconds(Seconds(text)) : null, parsed.GetValue(allowErrors),
            (parsed.GetValue(set) ?? []).ToDictionary(NameOf, text => text[(NameOf(text).Length + 1)..]), parsed.GetValue(results)), output, error, isTerminal, interrupt)));
        return command;
    }

    private static double Seconds(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) ? seconds : double.NaN;

    private static void Expect(Option<string?> option, string expected, Func<string, bool> accepts) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !accepts(token.Value)) result.AddError($"{option.Name} is {expected}; it was '{token.Value}'.");
    });

    private static string NameOf(string setting) => setting.Split('=')[0];

    private static void CheckSettings(OptionResult result)
    {
        string[] settings = [.. result.Tokens.Select(token => token.Value)];
        foreach (string text in settings)
            if (text.IndexOf('=') < 1 || NameOf(text).Contains(',')) result.AddError($"--set is NAME=VALUE, as in --set lr=1e-4; it was '{text}'.");
            else if (NameOf(text) is "scale" or "device" or "seed") result.AddError($"--set gives a notebook's own settings; '{NameOf(text)}' has its own option, --{NameOf(text)}.");
        foreach (var twice in settings.GroupBy(NameOf).Where(group => group.Count() > 1)) result.AddError($"--set gives '{twice.Key}' twice.");
    }

    private static void CheckNotebooks(ArgumentResult result)
    {
        foreach (string path in result.Tokens.Select(token => token.Value))
        {
            if (File.Exists(path)) continue;
            result.AddError(path switch
            {
                ['-', ..] => $"There is no option '{path}'.",
                _ when Directory.Exists(path) => $"NOTEBOOK is a .ipynb file; '{path}' is a folder.",
                _ => $"NOTEBOOK is a .ipynb file; there is no file '{path}'.",
            });
        }
    }
}
