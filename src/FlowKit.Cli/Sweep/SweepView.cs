namespace FlowKit.Cli;

/// <summary>Shows the progress of a sweep: one line for each run and, on a terminal, a status line that is redrawn.</summary>
internal sealed class SweepView : IDisposable
{
    private const string EraseLine = "\r\x1b[2K";
    private static readonly TimeSpan redraw = TimeSpan.FromSeconds(0.5);

    private readonly Lock gate = new();
    private readonly TextWriter output;
    private readonly SweepTally tally;
    private readonly Timer? timer;

    public SweepView(TextWriter output, SweepTally tally, bool isTerminal)
    {
        (this.output, this.tally) = (output, tally);
        if (isTerminal) timer = new(_ => Draw(), null, TimeSpan.Zero, redraw);
    }

    /// <summary>A line that stays.</summary>
    public void Say(string line)
    {
        lock (gate)
        {
            output.WriteLine($"{(timer is null ? "" : EraseLine)}{line}");
            output.Flush();
        }
    }

    /// <summary>A run begins.</summary>
    public void Started(SweepPoint point) => tally.Started(point);

    /// <summary>A run was interrupted, or it is waiting again.</summary>
    public void Stopped(SweepPoint point) => tally.Stopped(point);

    /// <summary>A run has ended.</summary>
    public void Ended(SweepPoint point, SweepOutcome outcome)
    {
        tally.Ended(point, outcome);
        Say(outcome.Succeeded ? $"{point.Name}: ok, {Phrases.Duration(TimeSpan.FromSeconds(outcome.Seconds))}; {tally}" : $"{point.Name}: failed: {outcome.Problem}; {tally}");
    }

    /// <summary>Erases the status line.</summary>
    public void Dispose()
    {
        if (timer is null) return;
        timer.Dispose();
        lock (gate) output.Write(EraseLine);
    }

    private void Draw()
    {
        lock (gate)
        {
            output.Write($"{EraseLine}{tally}");
            output.Flush();
        }
    }
}
