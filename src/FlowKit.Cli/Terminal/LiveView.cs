using FlowKit.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FlowKit.Cli;

/// <summary>A few lines on a terminal that are redrawn while a notebook runs; one summary line stays when it has ended.</summary>
internal sealed class LiveView(IAnsiConsole console, TextWriter error) : IRunView
{
    private static readonly TimeSpan redraw = TimeSpan.FromMilliseconds(200);
    private readonly List<string> complaints = [];
    private LiveState state = new("", 0);
    private Task? drawing;
    private CancellationTokenSource done = new();

    /// <summary>A view on a terminal.</summary>
    public LiveView(TextWriter output, TextWriter error)
        : this(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }), error) { }

    /// <inheritdoc/>
    public void NotebookStarted(string name, int cells)
    {
        state = new(name, cells);
        done = new();
        drawing = Task.Run(Draw);
    }

    /// <inheritdoc/>
    public void CellStarted(int number, string firstLine) => state = state with { Cell = number, FirstLine = firstLine, Training = null };

    /// <inheritdoc/>
    public void CellEnded(int number, CellStatus status, TimeSpan elapsed) => state = state with { Training = null };

    /// <inheritdoc/>
    public void Report(TrainingProgress value) => state = state with { Training = value };

    /// <inheritdoc/>
    public void NotebookEnded(NotebookSummary summary)
    {
        EndDrawing();
        console.WriteLine(summary.ToString());
    }

    // Kept until the live lines are gone: they share the terminal.
    /// <inheritdoc/>
    public void Complain(string line) => complaints.Add(line);

    /// <inheritdoc/>
    public void Dispose() => EndDrawing();

    private void EndDrawing()
    {
        done.Cancel();
        drawing?.GetAwaiter().GetResult();
        drawing = null;
        foreach (string line in complaints) error.WriteLine(line);
        complaints.Clear();
    }

    private Task Draw() => console.Live(state.Render(console.Profile.Width)).AutoClear(true).StartAsync(async live =>
    {
        while (!done.IsCancellationRequested)
        {
            live.UpdateTarget(state.Render(console.Profile.Width));
            await Task.Delay(redraw, done.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    });

    /// <summary>What the lines say.</summary>
    private sealed record LiveState(string Notebook, int Cells)
    {
        public int Cell { get; init; }

        public string FirstLine { get; init; } = "";

        public TrainingProgress? Training { get; init; }

        public IRenderable Render(int width)
        {
            string head = $"  cell {Cell}/{Cells}  ";
            int room = Math.Max(0, width - Notebook.Length - head.Length - 1);
            string code = FirstLine.Length <= room ? FirstLine : FirstLine[..room];
            var lines = new List<IRenderable>
            {
                new Markup($"[bold]{Markup.Escape(Notebook)}[/]{head}[dim]{Markup.Escape(code)}[/]"),
            };
            if (Training is { } training)
            {
                lines.Add(new BreakdownChart().Width(60).HideTags().AddItem("done", training.Step, Color.Green).AddItem("left", Math.Max(0, training.Steps - training.Step), Color.Gray));
                lines.Add(new Text(Phrases.Training(training)) { Overflow = Overflow.Ellipsis });
            }
            return new Rows(lines);
        }
    }
}
