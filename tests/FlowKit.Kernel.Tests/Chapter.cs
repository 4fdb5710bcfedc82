using System.Text.Json.Nodes;
using FlowKit.Tests;

namespace FlowKit.Kernel.Tests;

/// <summary>A committed notebook, and what it does at smoke scale where FlowKit's own engine runs it.</summary>
public sealed class Chapter
{
    private static readonly Dictionary<string, Chapter> all = [];

    private Chapter(string name) => (Name, Book) = (name, JsonNode.Parse(File.ReadAllText(PathOf(name)))!);

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.ipynb").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <summary>Where the notebooks lie.</summary>
    public static string Folder { get; } = Path.Combine(JupyterFolder.Root, "notebooks");

    public string Name { get; }

    /// <summary>The sources of the code cells.</summary>
    public IEnumerable<string> Code => Book["cells"]!.AsArray().Where(cell => (string)cell!["cell_type"]! == "code").Select(cell => Spoken.Join(cell!["source"]));

    /// <summary>Figures in the committed outputs.</summary>
    public int Figures => FiguresIn(Book);

    /// <summary>What it says in words where <c>flowkit run</c> runs it.</summary>
    public IReadOnlyList<string> Words { get => field ??= Run(); private set; }

    private JsonNode Book { get; }

    public static Chapter Of(string name) => all.TryGetValue(name, out var chapter) ? chapter : all[name] = new(name);

    public static string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Figures that a person sees in an executed notebook, each with a picture beside its HTML.</summary>
    public static int FiguresIn(JsonNode book)
    {
        var figures = book["cells"]!.AsArray().SelectMany(cell => cell!["outputs"]?.AsArray() ?? []).Select(output => output!["data"]).OfType<JsonObject>().Where(data => IsFigure(Spoken.Join(data["text/html"]))).ToList();
        Assert.All(figures, data => Assert.NotNull(data["image/png"]));
        return figures.Count;
    }

    /// <summary>Whether an output's HTML is a figure of FlowKit: a chart with its still picture.</summary>
    public static bool IsFigure(string html) => html.Contains("data-flowkit=\"") && html.Contains("<img ");

    private List<string> Run()
    {
        using var work = new JupyterFolder();
        string ran = Path.Combine(work.Folder, Name);
        string printed = work.Run(Path.Combine(JupyterFolder.Root, OperatingSystem.IsWindows() ? "flowkit.cmd" : "flowkit"), "run", PathOf(Name), "--scale", "smoke", "-o", ran);
        Assert.True(File.Exists(ran), printed);
        return Spoken.In(ran);
    }
}
