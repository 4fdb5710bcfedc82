using System.Diagnostics;
using System.Text.Json.Nodes;
using FlowKit.Tests;

namespace FlowKit.Kernel.Tests;

/// <summary>Every chapter, line by line at smoke scale, in .NET Interactive as Polyglot Notebooks and as Jupyter run it: it says what it says in FlowKit's own engine.</summary>
public sealed class ChapterTests(InteractiveJupyter jupyter) : IClassFixture<InteractiveJupyter>
{
    public static TheoryData<string> Names => Chapter.Names;

    [Theory, MemberData(nameof(Names))]
    public async Task A_chapter_runs_as_in_Polyglot_Notebooks(string name)
    {
        var clock = Stopwatch.StartNew();
        var chapter = Chapter.Of(name);
        using var kernel = new StdioKernel(Chapter.Folder, ("FLOWKIT_SCALE", "smoke"));
        var cells = new JsonArray();
        foreach (string code in chapter.Code)
        {
            var cell = await kernel.Run(code);
            Assert.True(cell.Error is null, $"{code}\n{cell.Error}");
            cells.Add(ToJson(cell));
        }
        Compare(chapter, new JsonObject { ["cells"] = cells }, clock);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_chapter_runs_in_Jupyter(string name)
    {
        var clock = Stopwatch.StartNew();
        Compare(Chapter.Of(name), jupyter.Execute(Chapter.PathOf(name)), clock);
    }

    private static void Compare(Chapter chapter, JsonNode ran, Stopwatch clock)
    {
        int figures = Chapter.FiguresIn(ran);
        TestContext.Current.TestOutputHelper?.WriteLine($"{chapter.Name}: 0 errors, {figures} figures ({chapter.Figures} in the committed one), {clock.Elapsed.TotalSeconds:F1} s");
        Assert.True(figures >= chapter.Figures, $"{figures} figures; the committed notebook has {chapter.Figures}");

        using var work = new JupyterFolder();
        string file = Path.Combine(work.Folder, chapter.Name);
        foreach (var cell in ran["cells"]!.AsArray()) WithoutCompilersWords(cell!["outputs"] as JsonArray);
        File.WriteAllText(file, ran.ToJsonString());
        Assert.Equal(chapter.Words, Spoken.In(file));
    }

    // Of references that differ in version (CS1701) this kernel tells in Jupyter, and no cell can stop it; any other word on the error stream counts.
    private static void WithoutCompilersWords(JsonArray? outputs)
    {
        foreach (var output in outputs?.ToArray() ?? [])
            if ((string?)output!["name"] == "stderr" && Spoken.Join(output["text"]).Split('\n').All(line => line.Length == 0 || line.StartsWith("warning CS1701:", StringComparison.Ordinal))) outputs!.Remove(output);
    }

    // A cell's outputs as a notebook stores them.
    private static JsonObject ToJson(StdioCell cell) => new()
    {
        ["cell_type"] = "code",
        ["outputs"] = new JsonArray([.. cell.Outputs.Where(output => output.Kind != "DisplayedValueUpdated").Select(output => output.Kind.StartsWith("Standard", StringComparison.Ordinal)
            ? new JsonObject { ["output_type"] = "stream", ["name"] = output.Kind == "StandardErrorValueProduced" ? "stderr" : "stdout", ["text"] = output["text/plain"] }
            : new JsonObject
            {
                ["output_type"] = output.Kind == "ReturnValueProduced" ? "execute_result" : "display_data",
                ["data"] = new JsonObject(output.Forms.Select(form => KeyValuePair.Create(form.MimeType, (JsonNode?)form.Value))),
            })]),
    };
}
