using System.Text.Json.Nodes;

namespace FlowKit.Cli.Tests;

public sealed class ConvertTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_notebook_becomes_a_dib_file_without_its_outputs_and_says_so()
    {
        work.Run(["1", "2"]);
        Assert.Equal(0, work.Invoke("convert", work["book.ipynb"], work["book.dib"]));
        Assert.Equal($"{work["book.ipynb"]} -> {work["book.dib"]}: 2 cells; without 2 outputs{Environment.NewLine}", work.Output);
        Assert.StartsWith("#!meta\n\n{\"kernelInfo\":{", File.ReadAllText(work["book.dib"]));
        Assert.EndsWith("}\n\n#!csharp\n\n1\n\n#!csharp\n\n2\n", File.ReadAllText(work["book.dib"]));
    }

    [Fact]
    public void A_dib_file_becomes_a_notebook_that_runs()
    {
        work.Write("a.dib", "#!markdown\n\n# T\n\n#!csharp\n\nint x = 3;\n\n#!csharp\n\nx");
        Assert.Equal(0, work.Invoke("convert", work["a.dib"], work["a.ipynb"]));
        Assert.Equal(["markdown", "code", "code"], work.Read("a.ipynb")["cells"]!.AsArray().Select(cell => (string)cell!["cell_type"]!));
        Assert.Equal(0, work.Invoke("run", work["a.ipynb"]));
        Assert.Equal(["value:3"], work.Read("a.ipynb")["cells"]![2]!["outputs"]!.AsArray().Words());
    }

    [Fact]
    public void Several_notebooks_go_to_a_folder()
    {
        string book = work.Notebook("1"), other = work.Write("other.dib", "#!csharp\n2");
        Assert.Equal(0, work.Invoke("convert", book, other, work["out"]));
        Assert.Equal(["book.dib", "other.ipynb"], Directory.GetFiles(work["out"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_file_that_exists_is_replaced_only_by_force()
    {
        string book = work.Notebook("1"), target = work.Write("book.dib", "precious");
        Assert.Equal(2, work.Invoke("convert", book, target));
        Assert.Contains($"'{target}' exists; --force replaces it.", work.Error);
        Assert.Equal("precious", File.ReadAllText(target));
        Assert.Equal(0, work.Invoke("convert", book, target, "--force"));
        Assert.StartsWith("#!meta", File.ReadAllText(target));
    }

    [Fact]
    public void One_broken_notebook_keeps_all_from_being_written()
    {
        string book = work.Notebook("1"), bad = work.Write("bad.ipynb", "{");
        Assert.Equal(1, work.Invoke("convert", book, bad, work["out/"]));
        Assert.Contains("bad.ipynb: not a notebook: expected JSON", work.Error);
        Assert.Empty(Directory.GetFiles(work.Folder, "*.dib", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(new[] { "BOOK" }, "Required argument")]
    [InlineData(new[] { "BOOK", "x.ipynb" }, "are in the same format.")]
    [InlineData(new[] { "BOOK", "x.txt" }, "OUT is a .ipynb or .dib file or a folder (existing, or ending in a slash); it was 'x.txt'.")]
    [InlineData(new[] { "nowhere.ipynb", "x.dib" }, "there is no file 'nowhere.ipynb'.")]
    [InlineData(new[] { "BOOK", "BOOK", "out/" }, "two would write")]
    public void A_wrong_command_line_exits_with_2(string[] args, string message)
    {
        string book = work.Notebook("1");
        Assert.Equal(2, work.Invoke(["convert", .. args.Select(arg => arg == "BOOK" ? book : arg)]));
        Assert.Contains(message, work.Error);
    }

    [Theory]
    [InlineData("#!meta\n{", "expected JSON after #!meta")]
    [InlineData("#!meta\n[]", "expected a JSON object after #!meta, found []")]
    [InlineData("#!meta\n{\"kernelInfo\": 3}", "expected \"kernelInfo\" as an object, found 3")]
    [InlineData("#!meta\n{\"kernelInfo\": {\"items\": [{\"name\": \"a b\"}]}}", "expected a language's name as one word, found \"a b\"")]
    public void A_broken_dib_file_says_what_was_expected(string text, string message)
    {
        string book = work.Write("bad.dib", text);
        Assert.Equal(1, work.Invoke("convert", book, work["out.ipynb"]));
        Assert.Contains($"{book}: not a notebook: {message}", work.Error);
        Assert.False(File.Exists(work["out.ipynb"]));
    }

    [Fact]
    public void A_line_that_would_begin_a_cell_is_refused_with_its_cell()
    {
        string book = work.Notebook("1", "var a = @\"\n#!fsharp\n\";");
        Assert.Equal(1, work.Invoke("convert", book, work["book.dib"]));
        Assert.Contains("cannot be stored as .dib: cell 2, a line '#!fsharp' would begin a new cell there", work.Error);
    }

    [Fact]
    public void Clear_removes_outputs_counts_and_traces_and_nothing_else()
    {
        work.Run(["1", "2"]);
        var json = work.Read("book.ipynb");
        json["cells"]![0]!["metadata"] = new JsonObject { ["execution"] = new JsonObject(), ["tags"] = new JsonArray("kept"), ["jupyter"] = new JsonObject { ["outputs_hidden"] = true } };
        work.Write("book.ipynb", json.ToJsonString());

        Assert.Equal(1, work.Invoke("clear", "--check", work["book.ipynb"]));
        Assert.Contains("would clear 2 outputs", work.Output);
        Assert.NotEmpty(work.Read("book.ipynb")["cells"]![0]!["outputs"]!.AsArray());

        Assert.Equal(0, work.Invoke("clear", work["book.ipynb"]));
        var cells = work.Read("book.ipynb")["cells"]!.AsArray();
        Assert.All(cells, cell => Assert.True(cell!["outputs"]!.AsArray().Count == 0 && cell["execution_count"] is null));
        Assert.Equal("{\"tags\":[\"kept\"]}", cells[0]!["metadata"]!.ToJsonString());
        Assert.Equal("2", cells[1]!["source"].Joined());

        Assert.Equal(0, work.Invoke("clear", "--check", work["book.ipynb"]));
        Assert.Contains("already clear", work.Output);

        work.Notebook("1");             // on one line
        Assert.Equal(1, work.Invoke("clear", "--check", work["book.ipynb"]));
        Assert.Contains("would clear execution counts, metadata or formatting", work.Output);
    }

    [Fact]
    public void Clear_reads_every_notebook_before_it_writes_one()
    {
        work.Run(["1"]);
        string before = File.ReadAllText(work["book.ipynb"]);
        Assert.Equal(1, work.Invoke("clear", work["book.ipynb"], work.Write("bad.ipynb", "[]")));
        Assert.Equal(before, File.ReadAllText(work["book.ipynb"]));
    }

    [Fact]
    public void A_dib_file_has_nothing_to_clear() =>
        Assert.Equal(2, work.Invoke("clear", work.Write("a.dib", "1")));
}
