using System.Diagnostics;
using System.Globalization;

namespace FlowKit.Cli;

/// <summary>One run of a sweep, in a process of its own: started by the sweep or by Slurm, and started again after an interruption.</summary>
internal sealed class SweepTaskAction(SweepRunFolder folder, CommandHost host)
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs it, unless it has been run; an interrupted one leaves no outcome, and goes on when it is started again.</summary>
    /// <returns>The exit code.</returns>
    public int Run(CancellationToken interrupt)
    {
        if (folder.Request is not { } request) throw new NotebookException($"{folder.Path} is not a run of a sweep.");
        using var only = Lock(interrupt);
        if (only is null) return ExitCode.Interrupted;
        if (folder.Outcome is { Succeeded: true }) return ExitCode.Ok;

        folder.ClearOutcome();
        var clock = Stopwatch.StartNew();
        var (code, problem) = Run(request, interrupt);
        if (interrupt.IsCancellationRequested) return ExitCode.Interrupted;

        folder.Outcome = new(problem is null, problem, code == ExitCode.Usage, clock.Elapsed.TotalSeconds);
        return problem is null ? ExitCode.Ok : code;
    }

    private (int Code, string? Problem) Run(SweepRequest request, CancellationToken interrupt)
    {
        if (SweepRunFolder.CodeOf(NotebookFile.Read(request.Notebook)) != request.Code)
            return (ExitCode.Failed, $"{request.Notebook} has changed since the sweep began.");

        if (Directory.Exists(folder.Results)) Directory.Delete(folder.Results, recursive: true);       // of an earlier attempt
        string executed = folder[Path.GetFileName(request.Notebook)];
        var (code, errors) = RunNotebook(
            new([request.Notebook], executed, request.Scale, request.Device, request.Seed.ToString(CultureInfo.InvariantCulture),
                request.Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null, AllowErrors: false, request.Settings, folder.Results, folder.Checkpoints), interrupt);

        if (code != ExitCode.Ok && !(code == ExitCode.Failed && NotebookFile.Read(executed).Errors is { Count: > 0 } names && names.All(name => name == nameof(Experiments.ClaimException))))
            return (code, errors.Length > 0 ? errors : $"the run ended with exit code {code}.");
        return Directory.Exists(folder.Results) ? (ExitCode.Ok, null) : (ExitCode.Failed, "the run wrote no results; a notebook writes them when it calls AssertClaims() on its experiment.");
    }

    // The errors of the run are also the reason for its failure.
    private (int Code, string Errors) RunNotebook(RunOptions options, CancellationToken interrupt)
    {
        using var errors = new StringWriter();
        var inner = host with { Error = errors };
        int code;
        try
        {
            code = new RunAction(options, inner).Run(interrupt);
        }
        catch (CommandException refused)
        {
            inner.Complain(refused.Message);
            code = refused.ExitCode;
        }
        host.Error.Write(errors);
        return (code, errors.ToString().Trim());
    }

    // A killed run may take a while to end, and two runs must not write the same files. Null: interrupted.
    private FileStream? Lock(CancellationToken interrupt)
    {
        var clock = Stopwatch.StartNew();
        while (!interrupt.IsCancellationRequested)
        {
            try
            {
                return new FileStream(folder["lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (clock.Elapsed < patience)
            {
                interrupt.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                throw new NotebookException($"{folder.Path}: another process is running it, or the folder cannot be written: {refused.Message}");
            }
        }
        return null;
    }
}
