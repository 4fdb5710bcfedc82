using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit kernel</c> and its arguments.</summary>
internal static class KernelCommand
{
    /// <summary>Whether the arguments start a kernel: it deals with Ctrl-C itself.</summary>
    public static bool IsStart(IReadOnlyList<string> args) => args is ["kernel", "start", ..];

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(TextWriter output, TextWriter error)
    {
        return new Command("kernel", "FlowKit as a kernel of Jupyter: for JupyterLab, Notebook, nbconvert and VS Code.") { Start(error) };
    }

    private static Command Start(TextWriter error)
    {
        var file = new Argument<string>("connection-file") { Description = "What Jupyter wrote for the kernel: its ports and its key.", HelpName = "FILE.json" };
        var command = new Command("start", "Serves one connection file. Jupyter calls this.") { file };
        command.SetAction((parsed, terminate) => Task.Run(() => KernelStart.Run(parsed.GetValue(file)!, error, terminate)));
        return command;
    }
}
