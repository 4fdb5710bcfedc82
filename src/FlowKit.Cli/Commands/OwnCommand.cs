namespace FlowKit.Cli;

/// <summary>The command line that starts this program in another process.</summary>
internal static class OwnCommand
{
    /// <summary>The program and its first arguments: a program of its own, or a library that dotnet runs.</summary>
    public static string[] Words()
    {
        string program = Environment.ProcessPath ?? throw new NotSupportedException("The system does not say what program this is.");
        bool isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return isHost ? [program, typeof(OwnCommand).Assembly.Location] : [program];
    }
}
