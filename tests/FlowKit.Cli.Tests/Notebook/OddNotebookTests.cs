using System.Text;
using System.Text.Json.Nodes;

namespace FlowKit.Cli.Tests;

public sealed class OddNotebookTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Theory]
    [InlineData("int x = ;", "line 1: error CS1525")]
    [InlineData("var a = 1;\n#r \"nowhere.dll\"\n2", "line 2: error CS7009")]
    [InlineData("#r \"nowhere.dll\"\n2", "#r found no file 'nowhere.dll'")]
    [InlineData("#!import nowhere.cs", "line 1: #!import found no file 'nowhere.cs' beside the notebook.")]
    [InlineData("#!import", "#!import expects a .cs, .dib or .ipynb file")]
    [InlineData("#!import ../..", "#!import reads a .cs, .dib or .ipynb file; it was '../..'.")]
    [InlineData("#!import folder.cs", "#!import cannot read 'folder.cs'")]
    [InlineData("#!import a\0b.cs", "#!import")]
    [InlineData("#!import twice.cs", "'twice.cs' imports itself.")]
    [InlineData("#!import one.dib", "'one.dib' imports itself.")]
    [InlineData("#!import bad.ipynb", "#!import cannot read 'bad.ipynb': not a notebook: expected JSON")]
    [InlineData("#!import book.ipynb", "'book.ipynb' imports itself.")]
    [InlineData("%timeit x = 1", "line 1: ")]
    [InlineData("%%writefile a.txt\nx", "line 1: ")]
    [InlineData("!ls", "line 1: ")]
    [InlineData("#!fsharp\nlet x = 1", "'#!fsharp' switches to F#")]
    [InlineData("var a = \"open", "line 1: error CS1010")]
    [InlineData("{", "error CS1513")]
    [InlineData("throw null;", "NullReferenceException")]
    [InlineData("int f(int n) => f(n) / 0; throw new AggregateException(new Exception(\"inner\"));", "inner")]
    [InlineData("#load \"nowhere.csx\"", "nowhere.csx")]
    [InlineData("#r \"nuget: No.Such Package, 1.0\"", "#r expects \"nuget: NAME\"")]
    [InlineData("#r \"", "line 1: ")]
    [InlineData("namespace N { }", "error CS7021")]
    public void A_cell_that_cannot_run_gives_one_clear_error(string code, string message)
    {
        Directory.CreateDirectory(work["folder.cs"]);
        work.Write("twice.cs", "#!import other.cs");
        work.Write("other.cs", "#!import twice.cs");
        work.Write("one.dib", "#!csharp\n#!import one.dib");
        work.Write("bad.ipynb", "{");
        string[] before = [.. Directory.GetFileSystemEntries(work.Folder)];

        work.Run(["1", code, "3"]);

        Assert.Equal(1, work.ExitCode);
        Assert.Contains("book.ipynb, cell 2", work.Error);
        Assert.Contains(message, work.Error);
        AssertNoStack(work.Error);
        var cells = work.Read("book.ipynb")["cells"]!.AsArray();
        Assert.Equal(["value:1"], cells[0]!["outputs"]!.AsArray().Words());
        Assert.Null(cells[2]!["execution_count"]);
        Assert.Equal(before.Append(work["book.ipynb"]).ToHashSet(), Directory.GetFileSystemEntries(work.Folder).ToHashSet());
    }

    [Theory]
    [InlineData("fsharp")]
    [InlineData("python")]
    [InlineData("PowerShell")]
    public void A_cell_of_another_language_is_refused_by_its_name(string language)
    {
        var cell = Workspace.Code("let x = 1");
        cell["metadata"]!["polyglot_notebook"] = new JsonObject { ["kernelName"] = language };
        Assert.Equal(1, work.Invoke("run", work.Write("book.ipynb", Workspace.Document(cell).ToJsonString())));
        Assert.Contains($"cell 1: The cell's language is '{language}'; FlowKit's engine runs C# only.", work.Error);
    }

    [Theory]
    [InlineData("%matplotlib inline", "'%matplotlib'")]
    [InlineData("import x\n%timeit f()", "'%timeit'")]
    [InlineData("%%bash\nls", "'%%bash'")]
    [InlineData("!pip install x", "'!pip'")]
    public void A_magic_of_python_is_named(string code, string magic)
    {
        work.Run([code]);
        Assert.Contains($"The magic {magic} belongs to Python", work.Error);
    }

    [Theory]
    [InlineData("var a = 7\n%3; a", "value:1")]
    [InlineData("var a = true; var b =\n!a; b", "value:False")]
    [InlineData("\"\"\"\n%matplotlib inline\n\"\"\"", "value:%matplotlib inline")]
    public void What_only_looks_like_a_magic_of_python_is_code(string code, string expected) => Assert.Equal([expected], work.Run([code])[0].Words());

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\n")]
    [InlineData("// only a comment")]
    [InlineData("/* only\n a comment */")]
    [InlineData("#!csharp")]
    [InlineData(";")]
    [InlineData("#region x\n#endregion")]
    public void A_cell_without_code_is_no_error(string code)
    {
        Assert.Empty(work.Run([code])[0]);
        Assert.Equal(0, work.ExitCode);
    }

    [Fact]
    public void A_notebook_without_cells_is_no_error()
    {
        Assert.Equal(0, work.Invoke("run", work.Notebook()));
        Assert.Contains("book.ipynb: 0 of 0 cells", work.Output);
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_read()
    {
        string json = Workspace.Document(Workspace.Code("int a = 1;\r\n#!time\r\n\r\nthrow new Exception(\"x\");")).ToJsonString(new() { WriteIndented = true }).ReplaceLineEndings("\r\n");
        File.WriteAllText(work["book.ipynb"], json, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal(1, work.Invoke("run", work["book.ipynb"]));
        Assert.Contains("cell 1, line 4: Exception: x", work.Error);
    }

    [Fact]
    public void An_imported_file_may_have_a_byte_order_mark_and_windows_line_ends()
    {
        File.WriteAllText(work["a.cs"], "#!time\r\nint a = 4;\r\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal("value:4", work.Run(["#!import a.cs\na"])[0].Words()[0]);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("5")]
    [InlineData("\"4\"")]
    [InlineData("4.5")]
    public void Another_nbformat_is_refused_and_the_file_left_alone(string version)
    {
        string text = $$"""{"nbformat": {{version}}, "nbformat_minor": 0, "metadata": {}, "cells": []}""", book = work.Write("book.ipynb", text);
        Assert.Equal(1, work.Invoke("run", book));
        Assert.Contains($"expected \"nbformat\": 4, found \"nbformat\": {version}", work.Error);
        Assert.Equal(text, File.ReadAllText(book));
    }

    [Theory]
    [InlineData("[[[[[[", 0)]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": [1]}]}", 0)]
    [InlineData("{\"nbformat\": 4, \"cells\": [null]}", 0)]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": [\"code\"], \"source\": \"\"}]}", 0)]
    [InlineData("[", 100_000)]
    [InlineData("{\"a\":", 100_000)]
    public void A_file_that_is_no_notebook_is_refused_without_a_stack(string text, int times)
    {
        string book = work.Write("book.ipynb", times == 0 ? text : string.Concat(Enumerable.Repeat(text, times)));
        foreach (string[] command in new string[][] { ["run", book], ["check", book], ["clear", book], ["convert", book, work["out.dib"]] })
        {
            Assert.Equal(1, work.Invoke(command));
            Assert.Contains("book.ipynb: not a notebook: expected", work.Error);
            AssertNoStack(work.Error);
        }
        Assert.Equal([book], Directory.GetFileSystemEntries(work.Folder));
    }

    [Fact]
    public void A_stack_overflow_by_recursion_or_deep_import_is_not_silent()
    {
        for (int i = 0; i < 200; i++) work.Write($"d{i}.cs", i == 199 ? "int deep = 199;" : $"#!import d{i + 1}.cs");
        Assert.Equal(["value:199"], work.Run(["#!import d0.cs\ndeep"])[0].Words());
    }

    private static void AssertNoStack(string error) => Assert.DoesNotContain("   at FlowKit.Cli", error);
}
