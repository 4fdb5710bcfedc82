using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command by which a sweep, or Slurm, starts one run. It is hidden from the help.</summary>
internal static class SweepTaskCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "sweep-task";

    /// <summary>The option that stops the run, after a last checkpoint, when its input ends: also where the sweep's own process died.</summary>
    public const string UntilInputEnds = "--until-input-ends";

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        var folder = new Argument<string>("folder");
        var watch = new Option<bool>(UntilInputEnds);
        var command = new Command(Name, "Runs one run of a sweep.") { folder, watch };
        command.Hidden = true;
        command.SetAction((parsed, interrupt) => DeepStack.Run(() =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
            if (parsed.GetValue(watch)) new Thread(() => Watch(stop)) { IsBackground = true }.Start();
            return new SweepTaskAction(new(parsed.GetRequiredValue(folder)), host).Run(stop.Token);
        }));
        return command;
    }

    private static void Watch(CancellationTokenSource stop)
    {
        try
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0) { }
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // the run has ended
        }
    }
}
