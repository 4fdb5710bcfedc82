namespace FlowKit.Data;

/// <summary>Progress as text: one line that is redrawn on a terminal, elsewhere a line every ten seconds.</summary>
internal sealed class TextFetchView(TextWriter output, bool isTerminal) : IFetchView
{
    private readonly TimeSpan interval = isTerminal ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(10);
    private long last = Environment.TickCount64;
    private int drawn;

    /// <inheritdoc/>
    public void Say(string line)
    {
        Clear();
        output.WriteLine(line);
    }

    /// <inheritdoc/>
    public void Report(FetchProgress progress)
    {
        if (Environment.TickCount64 - last < interval.TotalMilliseconds) return;
        last = Environment.TickCount64;
        if (!isTerminal)
        {
            output.WriteLine($"  {progress}");
            return;
        }
        string line = $"  {progress}";
        output.Write($"\r{line.PadRight(drawn)}");
        drawn = line.Length;
    }

    private void Clear()
    {
        if (drawn > 0) output.Write($"\r{new string(' ', drawn)}\r");
        drawn = 0;
    }
}
