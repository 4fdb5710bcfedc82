namespace FlowKit.Cli;

/// <summary>A command that reads and writes files: its refusals are told in a line and become an exit code.</summary>
internal static class FileCommand
{
    /// <summary>The work's exit code; 2 where the command line asks for what cannot be, 1 where a file could not be read or written.</summary>
    public static int Run(TextWriter error, Func<int> work)
    {
        try
        {
            return DeepStack.Run(work).GetAwaiter().GetResult();        // readers of notebooks, text and HTML call themselves
        }
        catch (ArgumentException wrong)
        {
            error.WriteLine($"flowkit: {wrong.Message}");
            return ExitCode.Usage;
        }
        catch (NotebookException broken)
        {
            error.WriteLine($"flowkit: {broken.Message}");
            return ExitCode.Failed;
        }
    }
}
