using System.Text.Json.Nodes;
using CsCheck;

namespace FlowKit.Cli.Tests;

public sealed class CheckTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void Outputs_that_come_again_agree_and_the_file_is_left_alone()
    {
        work.Run(["Console.WriteLine(\"loss  1.25\"); 3.5", "display(HTML(\"<b>x</b>\"));", "#!time\nawait Task.Delay(2);", "new[] { 1, 2 }"]);
        byte[] before = File.ReadAllBytes(work["book.ipynb"]);
        Assert.Equal(0, work.Invoke("check", work["book.ipynb"]));
        Assert.Contains("book.ipynb: the outputs of 4 cells agree", work.Output);
        Assert.Equal("", work.Error);
        Assert.Equal(before, File.ReadAllBytes(work["book.ipynb"]));
        Assert.Equal(["book.ipynb"], Directory.GetFileSystemEntries(work.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Each_difference_is_told_with_its_cell_output_and_line()
    {
        Store("Console.WriteLine(\"a\\nloss 1.25\"); 7", text => text.Replace("loss 1.25", "loss 1.50").Replace("\"7\"", "\"8\""));
        Assert.Equal(1, work.Invoke("check", work["book.ipynb"]));
        Assert.Equal(
            ["book.ipynb, cell 2: output 1 (stdout), line 2: stored 'loss 1.50', found 'loss 1.25'", "book.ipynb, cell 2: output 2 (value), line 1: stored '8', found '7'"],
            work.Error.ReplaceLineEndings("\n").TrimEnd().Split('\n'));
        Assert.Contains("book.ipynb: 1 of 2 cells differ", work.Output);
    }

    [Theory]
    [InlineData("0.2", 0)]
    [InlineData("0.1", 1)]
    public void Numbers_may_differ_by_the_tolerance_that_is_asked_for(string tolerance, int code)
    {
        Store("Console.WriteLine(\"loss 1.25\");", text => text.Replace("loss 1.25", "loss 1.50"));
        Assert.Equal(code, work.Invoke("check", work["book.ipynb"], "--rtol", tolerance));
        Assert.Equal(code, work.Invoke("check", work["book.ipynb"], "--rtol", "0", "--atol", code == 0 ? "0.25" : "0.2"));
    }

    [Theory]
    [InlineData("1.000 nats", "1.001 nats", true)]
    [InlineData("1.000 nats", "1.003 nats", false)]
    [InlineData("1.000 nats", "1.000 bits", false)]
    [InlineData("  1.00   -2.00", "  1.00  -2.001", true)]
    [InlineData("float64", "float65", false)]
    [InlineData("2.2E-016", "3.3E-016", true)]
    [InlineData("-0.00", "0.00", true)]
    [InlineData("x-1", "x 1", false)]
    [InlineData("\u22121.5", "-1.5", true)]
    [InlineData("NaN", "1", false)]
    [InlineData("NaN", "NaN", true)]
    [InlineData("1e999", "2e999", false)]
    [InlineData("\u221e", "-\u221e", false)]
    [InlineData("1 2", "1 2 3", false)]
    [InlineData("(4, 2)", "(4, 2)", true)]
    public void Lines_agree_in_words_and_nearly_in_numbers(string stored, string found, bool agree) =>
        Assert.Equal(agree, new Tolerance(0.002, 1e-12).Agree(stored, found));

    [Fact]
    public void Tolerance_is_measured_on_the_number_itself() => Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[-0.02, 0.02]).Sample((stored, change) =>
    {
        if (Math.Abs(Math.Abs(change) - 0.01) < 1e-6) return true;
        string text = stored.ToString("R", System.Globalization.CultureInfo.InvariantCulture), other = (stored * (1 + change)).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        return new Tolerance(0.01, 0).Agree($"loss = {text};", $"loss = {other};") == Math.Abs(change) < 0.01 || stored == 0;
    });

    [Fact]
    public void A_missing_line_or_output_is_a_difference()
    {
        Store("Console.WriteLine(\"one\"); display(1);", text => text.Replace("\"one\\n\"", "\"one\\n\", \"two\\n\""));
        Assert.Equal(1, work.Invoke("check", work["book.ipynb"]));
        Assert.Contains("cell 2: output 1 (stdout), line 2: stored 'two', found nothing", work.Error);

        work.Run(["display(1);"]);
        work.Write("book.ipynb", File.ReadAllText(work["book.ipynb"]).Replace("display(1);", "var a = 1;"));
        Assert.Equal(1, work.Invoke("check", work["book.ipynb"]));
        Assert.Contains("cell 1: output 1: stored display '1', found nothing", work.Error);
    }

    [Fact]
    public void A_cell_that_fails_now_is_a_difference_and_the_cells_after_it_did_not_run()
    {
        work.Run(["1", "2"]);
        work.Write("book.ipynb", File.ReadAllText(work["book.ipynb"]).Replace("\"source\": \"1\"", "\"source\": \"throw new Exception(\\\"x\\\");\""));
        Assert.Equal(1, work.Invoke("check", work["book.ipynb"]));
        Assert.Contains("book.ipynb, cell 1, line 1: Exception: x", work.Error);
        Assert.Contains("cell 1: output 1: stored value '1', found error 'Exception: x'", work.Error);
        Assert.Contains("cell 2: it did not run", work.Error);
    }

    [Fact]
    public void An_error_that_was_stored_is_expected_again()
    {
        work.Run(["throw new Exception(\"x\");", "2"], "--allow-errors");
        Assert.Equal(0, work.Invoke("check", work["book.ipynb"]));
    }

    [Fact]
    public void A_cell_tagged_to_be_ignored_need_only_run()
    {
        var cell = Workspace.Code("Guid.NewGuid()");
        cell["metadata"]!["tags"] = new JsonArray("nbval-ignore-output");
        string book = work.Write("book.ipynb", Workspace.Document(cell).ToJsonString());
        Assert.Equal(0, work.Invoke("run", book));
        Assert.Equal(0, work.Invoke("check", book));
        work.Write("book.ipynb", File.ReadAllText(book).Replace("Guid.NewGuid()", "throw new Exception()"));
        Assert.Equal(1, work.Invoke("check", book));
    }

    [Fact]
    public void The_settings_of_a_run_are_those_of_a_check()
    {
        work.Run(["FlowKit.Experiments.Experiment.Start(\"t\").Scale.ToString()"], "--scale", "smoke");
        Assert.Equal(0, work.Invoke("check", work["book.ipynb"], "--scale", "smoke"));
        Assert.Equal(1, work.Invoke("check", work["book.ipynb"], "--scale", "quick"));
        Assert.Contains("stored 'Smoke', found 'Quick'", work.Error);
    }

    [Fact]
    public void A_notebook_that_never_ran_has_nothing_to_compare_with()
    {
        Assert.Equal(1, work.Invoke("check", work.Notebook("1")));
        Assert.Contains("book.ipynb: holds no outputs to compare with; 'flowkit run' makes them", work.Error);
    }

    [Theory]
    [InlineData("--rtol", "-1", "--rtol is a number, 0 or more; it was '-1'.")]
    [InlineData("--atol", "small", "--atol is a number, 0 or more; it was 'small'.")]
    [InlineData("--scale", "huge", "--scale is smoke, quick or paper; it was 'huge'.")]
    public void A_wrong_option_exits_with_2(string option, string value, string message)
    {
        Assert.Equal(2, work.Invoke("check", work.Notebook("1"), option, value));
        Assert.Contains(message, work.Error);
        Assert.Contains("'flowkit check --help'", work.Error);
    }

    [Fact]
    public void A_dib_file_cannot_be_checked()
    {
        Assert.Equal(2, work.Invoke("check", work.Write("a.dib", "1")));
        Assert.Contains("A .dib file holds no outputs", work.Error);
    }

    // A notebook of a quiet cell and this one, run and then changed as if another run had stored it.
    private void Store(string code, Func<string, string> change)
    {
        work.Run(["var quiet = 1;", code]);
        string text = File.ReadAllText(work["book.ipynb"]);
        int outputs = text.LastIndexOf("\"outputs\"", StringComparison.Ordinal), source = text.LastIndexOf("\"source\"", StringComparison.Ordinal);
        work.Write("book.ipynb", text[..outputs] + change(text[outputs..source]) + text[source..]);
    }
}
