using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace FlowKit.Cli.Tests;

public sealed class RoundTripTests
{
    private static readonly Gen<string> piece = Gen.OneOf(
        OneOf("\n", "\n\n", "\r\n", "\r", " ", "\t", "#!", "#!time", "#!import x.cs", "#!csharp", "#!fsharp ", "#!meta", "é😀\u2028\u0001", "\"\\/", "// c", "var x = 1;", "\ufeff"),
        OneOf("a", "b", "z"));

    private static readonly Gen<string> source = piece.Array[0, 12].Select(string.Concat);

    private static readonly Gen<(string Kind, string? Language, string Source)> cell = Gen.Select(
        OneOf<(string, string?)>(("code", null), ("code", "csharp"), ("code", "fsharp"), ("code", "pwsh"), ("code", "javascript"), ("code", "html"), ("code", "python"), ("code", "kql"), ("markdown", null), ("raw", null)),
        source, (kind, source) => (kind.Item1, kind.Item2, source));

    [Fact]
    public void A_notebook_comes_back_from_dib_with_every_language_and_source() => cell.Array[0, 8].Sample(cells =>
    {
        var before = NotebookFile.Parse(Json(cells), "a.ipynb");
        string dib;
        try
        {
            dib = before.ToDib();
        }
        catch (NotebookException refused)
        {
            return refused.Message.Contains("would begin a new cell there") && cells.Any(cell => cell.Source.Contains("#!csharp") || cell.Source.Contains("#!fsharp"));
        }
        var after = NotebookFile.Parse(dib, "a.dib");
        return Meaning(before).SequenceEqual(Meaning(after))
            && NotebookFile.Parse(after.ToString(), "b.ipynb").ToDib() == dib;
    }, iter: 20_000);

    [Fact]
    public void A_dib_file_comes_back_from_ipynb_with_every_language_and_source() =>
        Gen.Select(OneOf("", "#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\",\"items\":[{\"aliases\":[\"py\"],\"name\":\"python\"}]}}\n", "\n\n"), Gen.Select(OneOf("csharp", "c#", "fsharp", "md", "markdown", "raw", "python", "js"), source).Array[0, 8]).Sample((head, blocks) =>
        {
            string text = head + string.Concat(blocks.Select(block => $"\n#!{block.Item1}\n\n{block.Item2}\n"));
            var first = NotebookFile.Parse(text, "a.dib");
            var notebook = NotebookFile.Parse(first.ToString(), "a.ipynb");
            string again;
            try
            {
                again = notebook.ToDib();
            }
            catch (NotebookException refused)
            {
                return refused.Message.Contains("would begin a new cell there");       // a line that ends in a lone CR is no marker in every file
            }
            return Meaning(first).SequenceEqual(Meaning(NotebookFile.Parse(again, "b.dib")));
        }, iter: 20_000);

    [Fact]
    public void Any_text_is_written_as_json_that_is_read_again() => Gen.Char.Array[0, 20].Select(chars => new string(chars)).Sample(text =>
    {
        var json = Document(Workspace.Code(text));
        string written = NotebookFile.Parse(NotebookJson.Write(json), "a.ipynb").ToString();
        string expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));                // U+FFFD for half a pair
        return NotebookFile.Parse(written, "a.ipynb").Cells[0].Source == expected && NotebookFile.Parse(written, "a.ipynb").ToString() == written;
    }, iter: 20_000);

    [Theory]
    [InlineData(@"\ud83d", "\ufffd")]
    [InlineData(@"\ude00\ud83d", "\ufffd\ufffd")]
    [InlineData(@"\ud83d\ude00", "\ud83d\ude00")]
    [InlineData(@"\uD83D\\ude00", "\ufffd\\ude00")]
    [InlineData(@"\\ud83d", "\\ud83d")]
    [InlineData(@"\\\ud83dx", "\\\ufffdx")]
    public void Half_a_character_that_another_program_escaped_is_read_as_a_mark(string escaped, string text) =>
        Assert.Equal(text, NotebookFile.Parse($$"""{"nbformat": 4, "cells": [{"cell_type": "raw", "source": "{{escaped}}"}]}""", "a.ipynb").Cells[0].Source);

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_do_not_change_a_dib_file()
    {
        const string text = "#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\"}}\n\n#!markdown\n\n# T\n\ntwo\n\n#!csharp\n\n1\n";
        Assert.Equal([("markdown", "markdown", "# T\n\ntwo"), ("code", "csharp", "1")], Meaning(NotebookFile.Parse(text.Replace("\n", "\r\n"), "a.dib")));
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static IEnumerable<(string Kind, string Language, string Source)> Meaning(Notebook notebook) => notebook.Cells.Select(cell => Marked(cell) ?? (cell.Kind, cell.IsCode ? cell.Language ?? "csharp" : cell.Kind, cell.Source));

    // A cell whose first line names its language is of that language.
    private static (string, string, string)? Marked(NotebookCell cell)
    {
        string[] lines = cell.Source.Split('\n', 2);
        return cell.IsCode && lines[0].TrimEnd() is "#!csharp" or "#!fsharp" && cell.IsCode ? ("code", lines[0].TrimEnd()[2..], lines.ElementAtOrDefault(1) ?? "") : null;
    }

    private static JsonObject Document(params JsonObject[] cells) => Workspace.Document(cells);

    private static string Json((string Kind, string? Language, string Source)[] cells) => Document([.. cells.Select(cell =>
    {
        var json = cell.Kind == "code" ? Workspace.Code(cell.Source) : new JsonObject { ["cell_type"] = cell.Kind, ["metadata"] = new JsonObject(), ["source"] = cell.Source };
        if (cell.Language is not null) json["metadata"]!["polyglot_notebook"] = new JsonObject { ["kernelName"] = cell.Language };
        return json;
    })]).ToJsonString();
}
