using System.CommandLine;
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
        var (scale, device, timeout) = (RunArguments.Scale(), RunArguments.Device(), RunArguments.Timeout());
        var seed = new Option<string?>("--seed") { Description = "Seed of the random numbers. [default: 0]", HelpName = "N" };
        var set = new Option<string[]>("--set") { Description = "A setting that the notebook asks for, instead of its own value; may be given again.", HelpName = "NAME=VALUE" };
        var results = new Option<string?>("--results") { Description = "Write the tables of results here, as CSV and Markdown. [default: nowhere]", HelpName = "FOLDER" };
        var checkpoints = new Option<string?>("--checkpoints") { Description = "Keep the state of trainings here, and go on from it. [default: nowhere]", HelpName = "FOLDER" };
        var allowErrors = new Option<bool>("--allow-errors") { Description = "Go on with the next cell after a cell that failed, and exit with 0." };

        RunArguments.Expect(seed, "a whole number of 64 bits", text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
        foreach (var folder in new[] { results, checkpoints }) RunArguments.Expect(folder, "a folder", text => text.Length > 0 && !File.Exists(text));
        set.Validators.Add(result => RunArguments.CheckSettings(result, "NAME=VALUE", "lr=1e-4"));
        notebooks.Validators.Add(RunArguments.CheckNotebooks);

        var command = new Command("run", Description) { notebooks, target, scale, device, seed, set, results, checkpoints, timeout, allowErrors };
        command.SetAction((parsed, interrupt) => Task.Run(() => RunNotebooks.Run(new(
            parsed.GetValue(notebooks)!, parsed.GetValue(target), parsed.GetValue(scale), parsed.GetValue(device), parsed.GetValue(seed),
            RunArguments.Time(parsed.GetValue(timeout)), parsed.GetValue(allowErrors),
            (parsed.GetValue(set) ?? []).Select(RunArguments.Cut).ToDictionary(), parsed.GetValue(results), parsed.GetValue(checkpoints)), output, error, isTerminal, interrupt)));
        return command;
    }
}
