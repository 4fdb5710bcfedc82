using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using CsCheck;

namespace FlowKit.Cli.Tests;

public sealed class FileTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_second_run_writes_the_same_bytes()
    {
        string book = work.Notebook("1 + 1", "Console.Write(\"é 😀 \\u2028 <&>\");", "", "display(new[] { 1, 2 }); throw new Exception(\"x\");", "2");
        work.Invoke("run", book);
        byte[] first = File.ReadAllBytes(book);
        work.Invoke("run", book);
        Assert.Equal(first, File.ReadAllBytes(book));
        string text = File.ReadAllText(book);
        Assert.Contains("é 😀 \u2028 <&>", text);
        Assert.StartsWith("{\n \"cells\": [\n  {\n   \"cell_type\": \"code\",\n   \"execution_count\": 1,\n   \"id\": \"", text);
        Assert.EndsWith("}\n", text);
    }

    [Fact]
    public void What_the_runner_does_not_know_is_kept()
    {
        var code = Workspace.Code("1");
        code["metadata"] = new JsonObject { ["tags"] = new JsonArray("a"), ["custom"] = new JsonObject { ["n"] = 1.50 } };
        code["id"] = "mine";
        var text = new JsonObject { ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = new JsonArray("# T\n", "x"), ["attachments"] = new JsonObject() };
        var raw = new JsonObject { ["cell_type"] = "raw", ["metadata"] = new JsonObject(), ["source"] = "r" };
        var book = Workspace.Document(code, text, raw);
        book["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["display_name"] = "Own", ["language"] = "C#", ["name"] = "own" }, ["other"] = 1 };
        var before = book.DeepClone();

        Assert.Equal(0, work.Invoke("run", work.Write("book.ipynb", book.ToJsonString())));

        var after = work.Read("book.ipynb");
        Assert.Equal("own", (string)after["metadata"]!["kernelspec"]!["name"]!);
        Assert.Equal(1, (int)after["metadata"]!["other"]!);
        Assert.Equal("C#", (string)after["metadata"]!["language_info"]!["name"]!);
        Assert.Equal("mine", (string)after["cells"]![0]!["id"]!);
        Assert.True(JsonNode.DeepEquals(before["cells"]![0]!["metadata"], after["cells"]![0]!["metadata"]));
        Assert.True(JsonNode.DeepEquals(before["cells"]![1]!["source"], after["cells"]![1]!["source"]));
        Assert.True(after["cells"]![1]!.AsObject().ContainsKey("attachments"));
    }

    [Fact]
    public void Cells_without_an_id_or_with_a_second_one_alike_get_their_own()
    {
        var cells = Enumerable.Range(0, 4).Select(_ => Workspace.Code("1")).ToArray();
        cells[0]["id"] = "same";
        cells[1]["id"] = "same";
        cells[2]["id"] = "not valid!";
        Assert.Equal(0, work.Invoke("run", work.Write("book.ipynb", Workspace.Document(cells).ToJsonString())));
        string[] ids = [.. work.Read("book.ipynb")["cells"]!.AsArray().Select(cell => (string)cell!["id"]!)];
        Assert.Equal("same", ids[0]);
        Assert.Equal(4, ids.Distinct().Count());
    }

    [Fact]
    public void Empty_cells_are_not_counted()
    {
        work.Invoke("run", work.Notebook("1", "  \n", "2"));
        Assert.Equal([1, null, 2], work.Read("book.ipynb")["cells"]!.AsArray().Select(cell => (int?)cell!["execution_count"]));
    }

    [Theory]
    [InlineData("", "expected JSON")]
    [InlineData("{", "expected JSON")]
    [InlineData("{\"cells\": [], \"cells\": []}", "expected JSON")]
    [InlineData("[]", "expected a JSON object, found array")]
    [InlineData("null", "expected a JSON object, found null")]
    [InlineData("{}", "expected \"nbformat\": 4, found no \"nbformat\"")]
    [InlineData("{\"nbformat\": 3, \"worksheets\": []}", "expected \"nbformat\": 4, found \"nbformat\": 3")]
    [InlineData("{\"nbformat\": 4}", "expected a list of \"cells\", found no \"cells\"")]
    [InlineData("{\"nbformat\": 4, \"cells\": {}}", "expected a list of \"cells\", found object")]
    [InlineData("{\"nbformat\": 4, \"cells\": [1]}", "expected cells[0] as an object, found number")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"x\", \"source\": \"\"}]}", "\"cell_type\" of cells[0] to be code, markdown or raw, found \"x\"")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": 1}]}", "\"source\" of cells[0] as a string")]
    [InlineData("{\"nbformat\": 4, \"cells\": [], \"metadata\": 1}", "expected \"metadata\" as an object")]
    [InlineData("{\"nbformat\": 4, \"cells\": [], \"metadata\": {\"kernelspec\": {\"language\": \"python\"}}}", "expected a C# notebook, found one whose kernel speaks python")]
    public void A_broken_notebook_says_what_was_expected_and_what_came(string text, string message)
    {
        string book = work.Write("bad.ipynb", text);
        Assert.Equal(1, work.Invoke("run", book));
        Assert.Contains(book, work.Error);
        Assert.Contains(message, work.Error);
        Assert.Equal(text, File.ReadAllText(book));
    }

    [Fact]
    public void A_link_named_without_its_folder_is_followed_from_where_the_command_runs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix system.");

        string target = $"target-{Guid.NewGuid():N}.ipynb", link = $"link-{Guid.NewGuid():N}.ipynb";
        try
        {
            File.Copy(work.Notebook("1"), target);
            File.CreateSymbolicLink(link, target);
            Assert.True(work.Invoke("run", link) == 0, work.Error);
            Assert.Contains("\"execution_count\": 1", File.ReadAllText(target));
        }
        finally
        {
            File.Delete(link);
            File.Delete(target);
        }
    }

    [Fact]
    public void A_damaged_notebook_never_crashes_and_never_leaves_a_partial_file()
    {
        string valid = Workspace.Document(Workspace.Code("// é"), Workspace.Code(" ")).ToJsonString();
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(valid);
        var damage = Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte, Gen.Int[0, 2]);
        damage.Sample((at, value, kind) =>
        {
            byte[] damaged = kind switch
            {
                0 => bytes[..at],
                1 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
                _ => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + value)..]],
            };
            File.WriteAllBytes(work["damaged.ipynb"], damaged);
            int code = work.Invoke("run", work["damaged.ipynb"], "-o", work["result.ipynb"]);
            bool written = File.Exists(work["result.ipynb"]);
            if (written)
            {
                var read = JsonNode.Parse(File.ReadAllText(work["result.ipynb"]));      // whole: a file is written at all only when its notebook was read
                File.Delete(work["result.ipynb"]);
                if (read is not JsonObject) return false;
            }
            return code is 0 or 1 && (written || work.Error.Contains("damaged.ipynb: not a notebook")) && Directory.GetFiles(work.Folder).Length == 1;
        }, iter: 300, threads: 1);
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public void A_link_stays_a_link_and_a_file_keeps_its_mode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix system.");

        string book = work.Notebook("1");
        File.SetUnixFileMode(book, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(work["link.ipynb"], "book.ipynb");
        Assert.Equal(0, work.Invoke("run", work["link.ipynb"]));
        Assert.Equal("book.ipynb", new FileInfo(work["link.ipynb"]).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(book));
        Assert.Equal(1, (int)work.Read("book.ipynb")["cells"]![0]!["execution_count"]!);
    }
}
