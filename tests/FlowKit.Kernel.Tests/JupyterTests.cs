using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FlowKit.Kernel.Tests;

/// <summary>.NET Interactive in Jupyter: a training and its interrupt through Jupyter's own client, and what nbconvert makes of an executed chapter.</summary>
public sealed class JupyterTests(InteractiveJupyter jupyter) : IClassFixture<InteractiveJupyter>
{
    private const string Book = "03-nice.ipynb";

    [Fact]
    public void A_training_is_one_display_and_its_interrupt_leaves_the_session()
    {
        string printed = jupyter.RunPython(Path.Combine(AppContext.BaseDirectory, "interrupt.py"), Chapter.Folder);
        string line = printed.Split('\n').FirstOrDefault(line => line.StartsWith('{')) ?? "";
        Assert.True(line.Length > 0, printed);
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        var seen = JsonNode.Parse(line)!;
        string[] kinds = [.. seen["kinds"]!.AsArray().Select(kind => (string)kind!)];
        Assert.Equal(["display_data", .. Enumerable.Repeat("update_display_data", kinds.Length - 1)], kinds);
        Assert.True(kinds.Length > 3);
        Assert.Equal(1, (int)seen["ids"]!);
        Assert.Equal(["image/png", "text/html", "text/plain"], seen["forms"]!.AsArray().Select(form => (string)form!));
        Assert.StartsWith("moons: step 600 of 600", (string)seen["last"]!);
        Assert.Equal("error", (string)seen["interrupted"]!);
        Assert.InRange((double)seen["seconds"]!, 0, 3);
        Assert.Equal("42 True", (string)seen["left"]!.AsArray()[^1]!);
        Assert.Equal("43", (string)seen["idle"]![0]!);
    }

    [Fact]
    public void A_page_that_Jupyter_makes_of_a_chapter_holds_every_picture()
    {
        string page = Converted("html");
        Assert.Equal(Chapter.Of(Book).Figures, Regex.Count(File.ReadAllText(page), "data-flowkit=\"[^\"]*\"><img "));
    }

    [Fact]
    public void A_PDF_that_Jupyter_makes_of_a_chapter_holds_every_picture()
    {
        Assert.SkipUnless(Has("pandoc") && Has("xelatex"), "Needs pandoc and XeLaTeX (Debian: pandoc texlive-xetex texlive-fonts-recommended texlive-plain-generic lmodern).");
        string text = Encoding.Latin1.GetString(File.ReadAllBytes(Converted("pdf")));

        // Each picture is an image of its own; its transparency, if it has any, is another.
        int images = Regex.Count(text, @"/Subtype\s*/Image"), masks = Regex.Count(text, @"/SMask\s+\d+ 0 R");
        TestContext.Current.TestOutputHelper?.WriteLine($"{images} images, {masks} of them masks, for {Chapter.Of(Book).Figures} figures");
        Assert.Equal(Chapter.Of(Book).Figures, images - masks);
    }

    private string Converted(string to)
    {
        string printed = jupyter.RunPython("-m", "nbconvert", "--to", to, Chapter.PathOf(Book), "--output-dir", jupyter.Folder);
        string file = Path.Combine(jupyter.Folder, Path.ChangeExtension(Book, to));
        Assert.True(File.Exists(file), printed);
        return file;
    }

    private static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
