namespace FlowKit.Cli;

/// <summary>The surroundings that a command works in.</summary>
/// <param name="Output">Receives progress and results.</param>
/// <param name="Error">Receives what went wrong.</param>
/// <param name="Environment">What the environment variables say.</param>
/// <param name="IsTerminal">Whether <paramref name="Output"/> is a terminal that can redraw its lines.</param>
internal sealed record CommandHost(TextWriter Output, TextWriter Error, HostEnvironment Environment, bool IsTerminal = false)
{
    /// <summary>Reports an error in one line.</summary>
    public void Complain(string message) => Error.WriteLine($"flowkit: {message}");

    /// <summary>The view of a running notebook that suits the output.</summary>
    public IRunView View() => IsTerminal ? new LiveView(Output, Error) : new PlainView(Output, Error);
}
