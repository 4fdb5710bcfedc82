using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit kernel</c> and its arguments.</summary>
internal static class KernelCommand
{
    /// <summary>Whether the arguments start a kernel: it handles Ctrl-C itself.</summary>
    public static bool IsStart(IReadOnlyList<string> args) => args is ["kernel", "start", ..];

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        var action = new KernelAction(host);
        return new Command("kernel", "FlowKit as a Jupyter kernel, for JupyterLab, Notebook, nbconvert and VS Code.") { Install(action), Uninstall(action), Start(action) };
    }

    private static Command Install(KernelAction action)
    {
        var (prefix, name) = (Prefix(), Name());
        var command = new Command("install", $"Registers the kernel with Jupyter as '{KernelSpecs.Wanted}', or '{KernelSpecs.Fallback}' if another kernel has that name.") { prefix, name };
        command.SetAction(parsed => action.Install(parsed.GetValue(prefix), parsed.GetValue(name)));
        return command;
    }

    private static Command Uninstall(KernelAction action)
    {
        var (prefix, name) = (Prefix(), Name());
        var command = new Command("uninstall", "Removes what 'install' wrote; other kernels are left alone.") { prefix, name };
        command.SetAction(parsed => action.Uninstall(parsed.GetValue(prefix), parsed.GetValue(name)));
        return command;
    }

    private static Command Start(KernelAction action)
    {
        var file = new Argument<string>("connection-file") { Description = "The connection file that Jupyter wrote, with ports and key.", HelpName = "FILE.json" };
        var command = new Command("start", "Serves one connection file. Jupyter calls this.") { file };
        command.SetAction((parsed, terminate) => DeepStack.Run(() => action.Start(parsed.GetRequiredValue(file), terminate)));
        return command;
    }

    private static Option<string?> Prefix() =>
        new("--prefix") { Description = "The folder whose share/jupyter takes it. [default: the user's own folder of Jupyter]", HelpName = "FOLDER" };

    private static Option<string?> Name()
    {
        var option = new Option<string?>("--name") { Description = "The name that notebooks use for the kernel.", HelpName = "NAME" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (token.Value.Length == 0 || !token.Value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-')))
                result.AddError($"--name is of lower-case letters, digits, '.', '_' and '-'; it was '{token.Value}'.");
        });
        return option;
    }
}
