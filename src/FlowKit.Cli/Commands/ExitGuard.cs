namespace FlowKit.Cli;

/// <summary>As long as it is not disposed, a cell that calls Environment.Exit cannot make an unfinished run look successful.</summary>
internal sealed class ExitGuard : IDisposable
{
    private readonly CommandHost host;
    private readonly string consequence;

    /// <param name="host">Where the user is told.</param>
    /// <param name="consequence">What became of the notebook.</param>
    public ExitGuard(CommandHost host, string consequence)
    {
        (this.host, this.consequence) = (host, consequence);
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>The run is over.</summary>
    public void Dispose() => AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;

    private void OnProcessExit(object? sender, EventArgs e)
    {
        host.Complain($"a cell ended the process; {consequence}.");
        host.Error.Flush();
        Environment.ExitCode = ExitCode.Failed;
    }
}
