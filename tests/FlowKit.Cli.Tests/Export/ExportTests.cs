using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Interactive.Rendering;

namespace FlowKit.Cli.Tests;

public sealed class ExportTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_page_holds_text_code_and_outputs_in_order()
    {
        work.Run(["1 + 2", "Console.WriteLine(\"said\");", "throw new Exception(\"broken\");"], "--allow-errors");
        string page = Export(work["book.ipynb"]);
        int[] places = [.. new[] { "<span class=\"number\">1</span> + ", ">3</pre>", "Console.WriteLine(", ">said\n</pre>", "Exception: broken" }.Select(part => page.IndexOf(part, StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.Contains("3 cells, 0 interactive charts", work.Output);
    }

    [Fact]
    public void Formulas_become_MathML_that_needs_no_script()
    {
        string page = Page(Text("# T\n\nInline $x_A \\in \\mathbb{R}$, and\n\n$$\\log p(x) = \\sum_i z_i$$\n\n$$\n\\frac{1}{2}\n$$"));
        Assert.Equal(3, Regex.Count(page, "<math"));
        Assert.Equal(2, Regex.Count(page, "<math[^>]*display=\"block\""));
        Assert.Contains("<mfrac>", page);
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("$", Regex.Replace(page, "(?s)<style>.*?</style>", ""));
    }

    [Fact]
    public void A_formula_that_cannot_be_set_is_shown_as_it_was_written()
    {
        string page = Page(Text("$\\frac{1$ and $\\nosuch{<b>}$"));
        Assert.Equal(2, Regex.Count(page, "<code class=\"tex\""));
        Assert.Contains("\\nosuch{&lt;b&gt;}", page);
    }

    [Theory]
    [InlineData("$", "{", "}")]
    [InlineData("$", "\\frac{1}{", "}")]
    [InlineData("", ">", "")]
    [InlineData("", "[", "")]
    public void What_is_nested_without_end_is_shown_as_it_was_written(string around, string open, string close)
    {
        string text = around + string.Concat(Enumerable.Repeat(open, 5000)) + "x" + string.Concat(Enumerable.Repeat(close, 5000)) + around;
        string page = Page(Text(text));
        Assert.Contains(System.Net.WebUtility.HtmlEncode(text.Trim('$')), page);
        Assert.DoesNotContain("<math", page);
    }

    [Fact]
    public void A_formula_of_twenty_levels_is_set()
    {
        string page = Page(Text($"${string.Concat(Enumerable.Repeat("\\frac{1}{\\sqrt{1 + ", 10))}x{new string('}', 20)}$"));
        Assert.Equal(10, Regex.Count(page, "<mfrac>"));
    }

    [Theory]
    [InlineData("$\"{")]
    [InlineData("#if (")]
    [InlineData("!")]
    [InlineData("$\"{[")]
    public void Code_nested_without_end_is_shown_plain(string level)
    {
        string code = string.Concat(Enumerable.Repeat(level, 30_000));
        Assert.Contains($"<pre class=\"source\">{System.Net.WebUtility.HtmlEncode(code)}</pre>", Page(Workspace.Code(code)));
    }

    [Fact]
    public void What_stays_on_the_network_is_named()
    {
        var cell = Workspace.Code("x");
        cell["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "display_data", ["metadata"] = new JsonObject(), ["data"] = new JsonObject { ["text/html"] = "<script src='https://example.org/a.js'></script><img src=\"//example.org/b.png\"><img src=\"here.png?raw=true\">" } });
        File.WriteAllBytes(work["here.png"], [1, 2, 3]);
        string page = Page(cell);
        Assert.Contains("'https://example.org/a.js' stays on the network", work.Output);
        Assert.Contains("'//example.org/b.png' stays on the network", work.Output);
        Assert.Contains("src=\"data:image/png;base64,AQID\"", page);
    }

    [Fact]
    public void Other_line_ends_in_a_script_stay_what_they_are()
    {
        var cell = Workspace.Code("x");
        cell["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "display_data", ["metadata"] = new JsonObject(), ["data"] = new JsonObject { ["text/html"] = "<script>const a = 'b\u2028c';</script>" } });
        Assert.Contains("'b\u2028c'", Page(cell));
    }

    [Fact]
    public void Code_is_colored_as_the_compiler_reads_it_and_loses_nothing()
    {
        string code = "#!time\nvar a = $\"x {1 < 2}\"; // é < b\nstring r = \"\"\"\n  raw & ready\n  \"\"\";\nawait Task.Delay(1); // \u2028";
        string page = Page(Workspace.Code(code));
        string shown = Regex.Match(page, "(?s)<pre class=\"source\">(.*?)</pre>").Groups[1].Value;
        Assert.Equal(code.TrimEnd(), System.Net.WebUtility.HtmlDecode(Regex.Replace(shown, "<[^>]*>", "")));
        Assert.Contains("<span class=\"keyword\">await</span>", shown);
        Assert.Contains("<span class=\"directive\">#!time\n</span>", shown);
        Assert.Contains("<span class=\"comment\">// &#233; &lt; b</span>", shown);
    }

    [Fact]
    public void Pictures_are_inside_the_page_or_named_as_missing()
    {
        byte[] picture = [137, 80, 78, 71, 1, 2, 3];
        File.WriteAllBytes(work["a b.png"], picture);
        var attached = Text("![x](attachment:i.png) ![y](<a b.png>) ![z](none.png) ![w](https://example.org/w.png)");
        attached["attachments"] = new JsonObject { ["i.png"] = new JsonObject { ["image/png"] = "QUJD" } };
        string page = Page(attached);
        Assert.Contains("src=\"data:image/png;base64,QUJD\"", page);
        Assert.Contains($"src=\"data:image/png;base64,{Convert.ToBase64String(picture)}\"", page);
        Assert.Contains("picture 'none.png' is not beside it", work.Output);
        Assert.Contains("'https://example.org/w.png' stays on the network", work.Output);
    }

    [Fact]
    public void What_a_cell_opens_ends_with_it()
    {
        string page = Pages(Text("<div class=\"mine\"><em>open"), Text("after"));
        Assert.Contains("<em>open\n</em></div></section>", page);
        Assert.Contains("<section class=\"text\"><p>after</p>", page);
    }

    [Fact]
    public void A_name_that_another_cell_has_gets_a_number_and_links_follow()
    {
        string page = Pages(Text("# Setup\n\nSee[^1].\n\n[^1]: First."), Text("# Setup\n\n[up](#setup), see[^1].\n\n[^1]: Second."));
        Assert.Contains("<h1 id=\"setup\">", page);
        Assert.Contains("<h1 id=\"setup-1\">", page);
        Assert.Contains("<a href=\"#setup-1\">up</a>", page);
        string[] names = [.. Regex.Matches(page, " id=\"([^\"]*)\"").Select(match => match.Groups[1].Value)];
        Assert.Equal(6, names.Length);
        Assert.Equal(names, names.Distinct());
        Assert.All(Regex.Matches(page, "href=\"#([^\"]*)\"").Select(match => match.Groups[1].Value), name => Assert.Contains(name, names));
    }

    [Fact]
    public void Links_go_to_the_first_heading_of_their_own_cell()
    {
        string page = Pages(Text("# Größe"), Text("# Größe\n\n# Größe\n\n[up](#größe)"), Text("# Größe"));
        Assert.Equal(["größe", "größe-1", "größe-1-1", "größe-2"], Regex.Matches(page, "<h1 id=\"([^\"]*)\"").Select(match => match.Groups[1].Value));
        Assert.Contains("<a href=\"#größe-1\">up</a>", page);
    }

    [Fact]
    public void Outputs_have_names_of_their_own_too()
    {
        var cell = Workspace.Code("x");
        JsonObject Output() => new() { ["output_type"] = "display_data", ["metadata"] = new JsonObject(), ["data"] = new JsonObject { ["text/markdown"] = "# Results" } };
        cell["outputs"] = new JsonArray(Output(), Output());
        Assert.Contains("<h1 id=\"results-1\">", Page(cell));
    }

    [Theory]
    [InlineData("<plaintext>a")]
    [InlineData("<script>var a='<!--<script>';</script>")]
    [InlineData("<noscript><textarea></noscript>")]
    public void What_would_swallow_the_rest_of_the_page_is_shown_as_it_was_written_or_ended(string html)
    {
        var cell = Workspace.Code("x");
        cell["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "display_data", ["metadata"] = new JsonObject(), ["data"] = new JsonObject { ["text/html"] = html } });
        string page = Pages(cell, Text("after"));
        var read = new AngleSharp.Html.Parser.HtmlParser(new() { IsScripting = true }).ParseDocument(page);
        Assert.Equal("after", read.QuerySelector("main > section.text > p")?.TextContent);
    }

    [Fact]
    public void Other_sizes_of_a_picture_do_not_stay_outside()
    {
        File.WriteAllBytes(work["a.png"], [1, 2, 3]);
        string page = Page(Text("<picture><source srcset=\"big.png\"><img src=\" a.png \" srcset=\"a.png 2x\"></picture><img src=\"no.png\"><img src=\"no.png\">"));
        Assert.Contains("<picture><img src=\"data:image/png;base64,AQID\"></picture>", page);
        Assert.Equal(1, Regex.Count(work.Output, "'no.png'"));
    }

    [Fact]
    public void Tags_nested_without_end_are_all_closed() =>
        Assert.Equal(5000, Regex.Count(Page(Text(string.Concat(Enumerable.Repeat("<div>", 5000)))), "</div>"));

    [Theory]
    [InlineData("""{"image/png": "QUJD", "text/plain": "p"}""", "<img alt=\"p\" src=\"data:image/png;base64,QUJD\">")]
    [InlineData("""{"text/html": "<b>bold</b>", "text/plain": "p"}""", "<div class=\"output\"><b>bold</b></div>")]
    [InlineData("""{"text/markdown": "*m*", "text/plain": "p"}""", "<em>m</em>")]
    [InlineData("""{"text/latex": "$x$", "text/plain": "p"}""", "<math")]
    [InlineData("""{"text/latex": "\\begin{equation}x\\end{equation}", "text/plain": "p"}""", "<math")]
    [InlineData("""{"image/svg+xml": ["<svg>", "</svg>"]}""", "src=\"data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjwvc3ZnPg==\"")]
    [InlineData("""{"text/plain": ["a\n", "\u001b[31mb < c\u001b[0m"]}""", "a\nb &lt; c</pre>")]
    [InlineData("""{"application/vnd.plotly.v1+json": {"data": [], "layout": {}}, "image/png": "QUJD"}""", "<div data-flowkit=")]
    [InlineData("""{"application/vnd.plotly.v1+json": {"data": []}}""", "<div data-flowkit=")]
    [InlineData("""{"application/vnd.plotly.v1+json": "{", "text/plain": "p"}""", "p</pre>")]
    [InlineData("""{"text/html": "a <b>bold"}""", "<div class=\"output\">a <b>bold</b></div>")]
    [InlineData("""{"text/html": "</div></section>after"}""", "<div class=\"output\">after</div>")]
    [InlineData("""{"application/x-unknown": 3}""", "An output that a page cannot show: application/x-unknown.")]
    [InlineData("""{}""", "")]
    [InlineData("""[]""", "")]
    public void The_richest_form_of_an_output_is_shown(string data, string expected)
    {
        var cell = Workspace.Code("x");
        cell["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "display_data", ["metadata"] = new JsonObject(), ["data"] = JsonNode.Parse(data) });
        string page = Page(cell);
        if (expected.Length > 0) Assert.Contains(expected, page);
        else Assert.DoesNotContain("<div class=\"output\">", page);
    }

    [Fact]
    public void Plotly_is_in_the_page_once_and_only_where_there_is_a_chart()
    {
        var chart = Workspace.Code("x");
        JsonObject Output(string html) => new() { ["output_type"] = "display_data", ["metadata"] = new JsonObject(), ["data"] = new JsonObject { ["text/html"] = html } };
        chart["outputs"] = new JsonArray(Output(PlotlyLoader.Html), Output("<div data-flowkit=\"a\"></div>"), Output(PlotlyLoader.Html));
        Assert.Equal(1, Loaders(Page(chart)));

        chart["outputs"] = new JsonArray(Output(PlotlyLoader.Html));
        Assert.Equal(0, Loaders(Page(chart)));

        static int Loaders(string page) => Regex.Count(page, Regex.Escape($"w.{PlotlyLoader.Mark} ??="));
    }

    [Fact]
    public void The_same_notebook_makes_the_same_page()
    {
        work.Run(["new[] { 1, 2 }"]);
        string first = Export(work["book.ipynb"]);
        Assert.Equal(first, Export(work["book.ipynb"]));
    }

    [Fact]
    public void Only_its_own_pages_are_replaced_without_force()
    {
        string book = work.Notebook("1"), page = work.Write("book.html", "precious");
        Assert.Equal(2, work.Invoke("export", book));
        Assert.Contains($"'{page}' exists and is not a page that this command wrote; --force replaces it.", work.Error);
        Assert.Equal("precious", File.ReadAllText(page));
        Assert.Equal(0, work.Invoke("export", book, "--force"));
        Assert.Equal(0, work.Invoke("export", book));
        Assert.Contains("'flowkit run' makes them", work.Output);
    }

    [Fact]
    public void One_broken_notebook_keeps_all_from_being_written()
    {
        Assert.Equal(1, work.Invoke("export", work.Notebook("1"), work.Write("bad.ipynb", "{"), "-o", work["pages/"]));
        Assert.Contains("bad.ipynb: not a notebook: expected JSON", work.Error);
        Assert.Empty(Directory.GetFiles(work.Folder, "*.html", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(new[] { "BOOK", "-o", "x.txt" }, "--output is an .html file or a folder (existing, or ending in a slash); it was 'x.txt'.")]
    [InlineData(new[] { "BOOK", "BOOK", "-o", "pages/" }, "two would write")]
    [InlineData(new[] { "nowhere.ipynb" }, "there is no file 'nowhere.ipynb'.")]
    public void A_wrong_command_line_exits_with_2(string[] args, string message)
    {
        string book = work.Notebook("1");
        Assert.Equal(2, work.Invoke(["export", .. args.Select(arg => arg == "BOOK" ? book : arg)]));
        Assert.Contains(message, work.Error);
    }

    [Fact]
    public void A_dib_file_becomes_a_page_too() =>
        Assert.Contains("<h1 id=\"t\">T</h1>", Export(work.Write("a.dib", "#!markdown\n\n# T\n\n#!csharp\n\n1")));

    private static JsonObject Text(string markdown) => new() { ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = markdown };

    private string Page(JsonObject cell) => Pages(cell);

    private string Pages(params JsonObject[] cells) => Export(work.Write("page.ipynb", Workspace.Document([.. cells.Select(cell => cell.DeepClone().AsObject())]).ToJsonString()));

    private string Export(string notebook)
    {
        Assert.True(work.Invoke("export", notebook) == 0, work.Error);
        return File.ReadAllText(Path.ChangeExtension(notebook, ".html"));
    }
}
