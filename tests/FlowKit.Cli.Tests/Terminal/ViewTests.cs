using FlowKit.Training;
using Spectre.Console;

namespace FlowKit.Cli.Tests;

public sealed class ViewTests
{
    private static readonly TrainingProgress progress = new("moons", Step: 250, Steps: 1000, Loss: 1.8734, Validation: 1.9, Elapsed: TimeSpan.FromSeconds(5));

    [Fact]
    public void A_training_is_told_in_one_line() =>
        Assert.Equal("moons: step 250/1000, loss 1.873, validation 1.9, 50 steps/s, 15 s left", Phrases.Training(progress));

    [Theory]
    [InlineData(0.25, "0.2 s")]
    [InlineData(12.3, "12 s")]
    [InlineData(205, "3:25 min")]
    [InlineData(3723, "1:02:03 h")]
    public void A_duration_fits_its_size(double seconds, string text) => Assert.Equal(text, Phrases.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void The_plain_view_holds_back_trainings_for_ten_seconds()
    {
        var output = new StringWriter();
        using var view = new PlainView(output, TextWriter.Null);
        view.NotebookStarted("book.ipynb", 2);
        view.CellStarted(1, "x");
        for (int i = 0; i < 100; i++) view.Report(progress);
        Assert.DoesNotContain("moons", output.ToString());
    }

    [Fact]
    public void The_plain_view_tells_of_a_training_after_its_pause()
    {
        var output = new StringWriter();
        using var view = new PlainView(output, TextWriter.Null, pause: TimeSpan.Zero);
        view.CellStarted(1, "x");
        view.Report(progress);
        Assert.Equal($"    {Phrases.Training(progress)}\n", output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task The_live_view_shows_the_cell_and_its_training_and_leaves_one_line()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 100;
        using (var view = new LiveView(console, error))
        {
            view.NotebookStarted("book [1].ipynb", 3);
            view.CellStarted(2, "var x = a[0];" + new string('y', 200));
            view.Report(progress);
            view.Complain("book, cell 2: sad");
            await Task.Delay(500, TestContext.Current.CancellationToken);
            Assert.Equal("", error.ToString());
            view.NotebookEnded(new("book [1].ipynb", 3, 3, 1, TimeSpan.FromSeconds(2), "out.ipynb"));
        }
        Assert.Contains("cell 2/3", output.ToString());
        Assert.Contains("var x = a[0];", output.ToString());
        Assert.DoesNotContain(new string('y', 80), output.ToString());
        Assert.Contains("moons: step 250/1000", output.ToString());
        Assert.Contains("book [1].ipynb: 3 of 3 cells, 1 picture, 2.0 s -> out.ipynb", output.ToString());
        Assert.Contains("book, cell 2: sad", error.ToString());
    }
}
