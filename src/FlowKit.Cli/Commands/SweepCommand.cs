using System.CommandLine;
using System.Globalization;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit sweep</c> and its arguments.</summary>
internal static class SweepCommand
{
    private const string Description = """
        Runs a notebook with every combination of settings and with several seeds, and reports the mean and the standard error of its results.
        Finished runs are kept. After an interruption the same command continues the sweep, and each run resumes from its checkpoints.

        Examples:
          flowkit sweep notebooks/02-realnvp.ipynb --set Steps=500,2000 --seeds 1..5
          flowkit sweep notebooks/05-variational-inference.ipynb --set Steps=1000,3000 --set Layers=10,80 --seeds 1..5 --jobs 2 --output sweeps/planar
          flowkit sweep notebooks/02-realnvp.ipynb --seeds 1..5 --scale paper --device cuda --slurm --sbatch=--gres=gpu:1 --sbatch=--time=8:00:00

        The folder holds summary.md and summary.csv (mean and standard error), results.csv (every row of every run), and runs/ (the notebook, tables and log of each run).
        The summary counts the claims that do not hold in a run; they do not make the run fail.
        Exit code: 0 all runs are done, 1 some failed, 2 wrong command line, 130 interrupted.
        """;

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        var notebook = new Argument<string>("notebook") { Description = "The .ipynb file to run.", HelpName = "NOTEBOOK.ipynb" };
        var set = new Option<string[]>("--set") { Description = "A setting that the notebook declares, and its values. May be repeated.", HelpName = "NAME=VALUE,VALUE..." };
        var seeds = new Option<string?>("--seeds") { Description = "The seeds of the random numbers, as 1..5 or 1,2,8. [default: 0]", HelpName = "SEEDS" };
        var folder = new Option<string?>("--output", "-o") { Description = "The folder of the sweep. [default: NOTEBOOK-sweep in the current folder]", HelpName = "FOLDER" };
        var jobs = new Option<string?>("--jobs") { Description = "The number of simultaneous runs, which share the processors. [default: one for each processor; with --slurm: as many as Slurm allows]", HelpName = "N" };
        var slurm = new Option<bool>("--slurm") { Description = "Run as a job array of Slurm; its nodes must be able to see the folder." };
        var sbatch = new Option<string[]>("--sbatch") { Description = "An option for Slurm's sbatch, as --sbatch=--partition=gpu. May be repeated.", HelpName = "OPTION" };
        var (scale, device, timeout) = (CommonOptions.Scale(), CommonOptions.Device(), CommonOptions.Timeout());

        notebook.Validators.Add(NotebookArgument.Check);
        notebook.Validators.Add(NotebookArgument.CheckOutputs);
        CommonOptions.Expect(folder, "a folder", text => text.Length > 0 && !File.Exists(text));
        CommonOptions.Expect(jobs, "a whole number of 1 or more", text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0);
        set.Validators.Add(result => CommonOptions.CheckSettings(result, "NAME=VALUE,VALUE...", "lr=1e-3,1e-4", seedOption: "--seeds"));

        var command = new Command("sweep", Description) { notebook, set, seeds, folder, jobs, scale, device, timeout, slurm, sbatch };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(slurm) && result.GetValue(sbatch) is { Length: > 0 }) result.AddError("--sbatch requires --slurm.");
            try
            {
                if (result.GetValue(set)?.All(text => text.Contains('=')) ?? true) SweepGrid.Parse(result.GetValue(set) ?? [], result.GetValue(seeds) ?? "0");
            }
            catch (UsageException wrong)
            {
                result.AddError(wrong.Message);
            }
        });
        command.SetAction((parsed, interrupt) =>
        {
            string book = parsed.GetValue(notebook)!;
            var options = new SweepOptions(
                book, SweepGrid.Parse(parsed.GetValue(set) ?? [], parsed.GetValue(seeds) ?? "0"), parsed.GetValue(folder) ?? $"{Path.GetFileNameWithoutExtension(book)}-sweep",
                parsed.GetValue(jobs) is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : null, parsed.GetValue(scale), parsed.GetValue(device),
                CommonOptions.Time(parsed.GetValue(timeout)), parsed.GetValue(slurm), parsed.GetValue(sbatch) ?? []);
            return new SweepAction(options, host).Run(interrupt);
        });
        return command;
    }
}
