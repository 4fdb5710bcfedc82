namespace FlowKit.Cli;

/// <summary>Sends what cells write to the console to their sinks; other writers keep the console. Only one may exist in a process at a time.</summary>
internal sealed class ConsoleCapture : IDisposable
{
    private readonly TextWriter output = Console.Out;
    private readonly TextWriter error = Console.Error;
    private readonly TextReader input = Console.In;

    public ConsoleCapture(TextReader cellInput)
    {
        Console.SetOut(new SinkWriter("stdout", output));
        Console.SetError(new SinkWriter("stderr", error));
        Console.SetIn(cellInput);
    }

    /// <summary>Gives the console back.</summary>
    public void Dispose()
    {
        Console.SetOut(output);
        Console.SetError(error);
        Console.SetIn(input);
    }
}
