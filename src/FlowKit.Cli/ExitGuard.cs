namespace FlowKit.Cli;

/// <summary>While it lives, a cell that calls Environment.Exit does not make an unfinished run look like a good one.</summary>
internal sealed class ExitGuard : IDisposable
{
    private readonly TextWriter error;
    private readonly string consequence;

    /// <param name="error">Where it is told.</param>
    /// <param name="consequence">What became of the notebook.</param>
    public ExitGuard(TextWriter error, string consequence)
    {
        (this.error, this.consequence) = (error, consequence);
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>The run is over.</summary>
    public void Dispose() => AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;

    private void OnProcessExit(object? sender, EventArgs e)
    {
        error.WriteLine($"flowkit: a cell ended the process; {consequence}.");
        error.Flush();
        Environment.ExitCode = ExitCode.Failed;
    }
}
