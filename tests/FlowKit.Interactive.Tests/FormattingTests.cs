using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowKit.Experiments;
using FlowKit.Interactive.Formatting;
using FlowKit.Training;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using SkiaSharp;

namespace FlowKit.Interactive.Tests;

[Collection(nameof(FlowKitExtension))]
public class FormattingTests
{
    private static readonly History Trained = new("net", [new(1, 5), new(2, 3)], [], TimeSpan.Zero, BestStep: 2);

    public FormattingTests()
    {
        FlowKitExtension.Load();
        FlowKitExtension.Load();
    }

    [Fact]
    public void A_figure_and_a_history_carry_their_picture_in_their_HTML_once_and_beside_it()
    {
        foreach (object shown in new object[] { Pictures.Of(new Points([0], [0])), Trained })
        {
            Assert.Equal([Mime.Html, Mime.Png, Mime.Text], Formatter.GetPreferredMimeTypesFor(shown.GetType()));
            string html = Formatter.ToDisplayString(shown, Mime.Html);
            var source = Assert.Single(Regex.Matches(html, "src=\"data:image/png;base64,([^\"]+)\""));
            Assert.Equal(Formatter.ToDisplayString(shown, Mime.Png), source.Groups[1].Value);
            using var bitmap = SKBitmap.Decode(Convert.FromBase64String(source.Groups[1].Value));
            Assert.Contains($"<img width=\"{bitmap.Width}\" height=\"{bitmap.Height}\"", html);
            Assert.StartsWith("Figure", Formatter.ToDisplayString(shown, Mime.Text));
        }
    }

    [Fact]
    public void A_figure_is_still_Plotly_JSON_for_the_asking()
    {
        var json = JsonDocument.Parse(Formatter.ToDisplayString(Trained, Mime.Plotly)).RootElement;
        Assert.Equal(JsonValueKind.Array, json.GetProperty("data").ValueKind);
        Assert.Equal(JsonValueKind.Object, json.GetProperty("layout").ValueKind);
    }

    [Fact]
    public void Loading_twice_installs_one_handler_for_FSharp_Core()
    {
        var field = typeof(AssemblyLoadContext).GetField("_resolving", BindingFlags.NonPublic | BindingFlags.Instance)!;
        var handlers = Assert.IsAssignableFrom<Delegate>(field.GetValue(AssemblyLoadContext.Default)).GetInvocationList();
        Assert.Single(handlers, handler => handler.Method.DeclaringType == typeof(FlowKitExtension));
    }

    // A script's assemblies live in contexts of the kernel's own, which look beside the library they come from: there lies the FSharp.Core that Plotly.NET was built with.
    [Fact]
    public void FSharp_Core_is_answered_before_a_kernel_looks_for_it_itself()
    {
        var kernel = new AssemblyLoadContext("a kernel's");
        kernel.Resolving += (_, name) => throw new InvalidOperationException($"The kernel was asked for {name}.");
        Assert.Same(Assembly.Load("FSharp.Core"), kernel.LoadFromAssemblyName(new("FSharp.Core, Version=99.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a")));
    }

    [Fact]
    public void A_newer_FSharp_Core_than_the_loaded_one_is_answered_with_it()
    {
        var loaded = Assembly.Load("FSharp.Core");
        Assert.Same(loaded, Assembly.Load("FSharp.Core, Version=99.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a"));
    }

    [Fact]
    public void A_users_own_chart_is_interactive_too()
    {
        var chart = Pictures.Of(new Points([1], [2])).ToPlotly();
        Assert.Equal([Mime.Html, Mime.Text], Formatter.GetPreferredMimeTypesFor(chart.GetType()));
        Assert.Contains("Plotly chart of 1 traces: shown where the notebook is trusted", Formatter.ToDisplayString(chart, Mime.Html));
        Assert.True(JsonDocument.Parse(Formatter.ToDisplayString(chart, Mime.Plotly)).RootElement.TryGetProperty("data", out _));
        var own = Plotly.NET.CSharp.Chart.Line<double, double, string>(x: [1.0, 2.0], y: [3.0, 4.0]);
        var json = JsonDocument.Parse(Formatter.ToDisplayString(own, Mime.Plotly)).RootElement;
        Assert.Equal([3, 4], Pictures.Numbers(json.GetProperty("data")[0].GetProperty("y")));
        Assert.Equal("Plotly chart of 1 traces", Formatter.ToDisplayString(own, Mime.Text));
    }

    [Fact]
    public void A_result_table_says_what_was_claimed_and_whether_it_holds()
    {
        var results = new ResultTable
        {
            new Result("NLL <ring>", "nats", 1.7512345, StandardError: 0.01234, Paper: 1.8, Confidence: "verified", Truth: 1.75, Claim: Claim.AtMost(1.8)),
            new Result("KL", "", 0.5, Claim: Claim.AtMost(0.1)),
        };
        string text = Formatter.ToDisplayString(results, Mime.Text), html = Formatter.ToDisplayString(results, Mime.Html);
        string[] lines = text.Split('\n');
        Assert.Matches(@"^NLL <ring> \(nats\)  1\.8 \(verified\)  1\.75   1\.75123 ± 0\.012  <= 1\.8  yes$", lines[1]);
        Assert.EndsWith("NO", lines[2]);
        Assert.Equal(lines[0].IndexOf("claim", StringComparison.Ordinal), lines[2].IndexOf("<= 0.1", StringComparison.Ordinal));
        Assert.Contains("<td style=\"text-align:left\">NLL &lt;ring&gt; (nats)</td>", html);
    }

    [Fact]
    public void Columns_of_results_that_would_be_empty_are_left_out()
    {
        string text = Formatter.ToDisplayString(new ResultTable { new Result("KL", "nats", 0.5) }, Mime.Text);
        Assert.Equal("quantity   ours  claim  holds", text.Split('\n')[0]);
    }

    [Fact]
    public void A_table_of_data_shows_what_is_in_its_columns()
    {
        var table = new FlowKit.Data.Table(TorchSharp.torch.tensor(new[,] { { 1.0, 5 }, { 2, 5 }, { 3, 7 }, { 6, 5 } }), "height", "<weight>");
        string[] lines = Formatter.ToDisplayString(table, Mime.Text).Split('\n');
        Assert.Equal(["column    mean  sd        least  most  most frequent", "height    3     1.87083   1      6     1 in 25.0 %", "<weight>  5.5   0.866025  5      7     5 in 75.0 %", "4 rows, 2 columns"], lines);
        Assert.Contains("<td style=\"text-align:left\">&lt;weight&gt;</td>", Formatter.ToDisplayString(table, Mime.Html));
    }

    [Fact]
    public void A_chapters_tables_show_the_papers_figures_the_truths_and_the_verdicts()
    {
        var experiment = Experiment.Start("tables");
        experiment.Paper.Add(new("CIFAR-10", "Table 1", 3.49, "bits/dim", "verified", Comparable: "no: other data", Ours: 3.8, StandardError: 0.02));
        experiment.Paper.Add(new("SVHN", "Figure 3", 11496.55, "nats", "verified", Comparable: "no: not run"));
        Assert.Contains("11496.55 (verified)", Formatter.ToDisplayString(experiment.Paper, Mime.Text));
        Assert.Matches(@"^CIFAR-10 \(bits/dim\)  +Table 1 +3\.49 \(verified\) +3\.8 ± 0\.02  no: other data$", Line(experiment.Paper));

        experiment.Results.Add(new("entropy", "nats", 2.84, 0.01, Truth: 2.82, Claim: Claim.Within(2.82, 0.05), Tests: "C1"));
        Assert.Matches(@"^entropy \(nats\)  2\.82   2\.84  0\.01 +\+2\.0$", Line(experiment.Truths));
        Assert.EndsWith("yes    C1", Line(experiment.Results));

        experiment.Claims.Add(new("C1", "The entropy is right.", "eq. 3"));
        Assert.Matches(@"^C1: The entropy is right\.  eq\. 3 +holds +entropy: 2\.84 ± 0\.01 nats$", Line(experiment.Claims));
        Assert.Contains("<td style=\"text-align:left\">holds</td>", Formatter.ToDisplayString(experiment.Claims, Mime.Html));

        static string Line(object table) => Formatter.ToDisplayString(table, Mime.Text).Split('\n')[1];
    }

    [Fact]
    public void A_data_frame_shows_twenty_rows_and_counts_the_rest()
    {
        var frame = new DataFrame(new DoubleDataFrameColumn("x", Enumerable.Range(0, 50).Select(i => i / 3.0)), new StringDataFrameColumn("name", Enumerable.Repeat<string?>(null, 50)));
        string html = Formatter.ToDisplayString(frame, Mime.Html), text = Formatter.ToDisplayString(frame, Mime.Text);
        Assert.Equal(21, html.Split("<tr>").Length - 1);
        Assert.Contains("20 of 50 rows, 2 of 2 columns", html);
        Assert.StartsWith("x (double)  name (string)\n", text);
        Assert.Matches(@"0\.333333 +null", text);
    }

    [Fact]
    public void No_HTML_sets_a_color_of_its_own()
    {
        string html = Formatter.ToDisplayString(new ResultTable { new Result("a", "", 1) }, Mime.Html) + Formatter.ToDisplayString(TorchSharp.torch.zeros(3), Mime.Html);
        Assert.DoesNotMatch(@"[\s;\x22-]color\s*[:=]", html);
        Assert.DoesNotContain("<script", html);
    }

    [Fact]
    public void A_flow_shows_its_tree()
    {
        var flow = Models.RealNvp.Create(features: 2, layers: 2);
        Assert.Equal([Mime.Html, Mime.Text], Formatter.GetPreferredMimeTypesFor(flow.GetType()));
        Assert.Equal(flow.ToString(), Formatter.ToDisplayString(flow, Mime.Text));
        Assert.StartsWith("<pre>Flow  (2)", Formatter.ToDisplayString(flow, Mime.Html));
    }

    [Fact]
    public void An_image_is_its_own_picture()
    {
        using var bitmap = new SKBitmap(3, 2);
        bitmap.SetPixel(1, 1, SKColors.Red);
        using var image = SKImage.FromBitmap(bitmap);
        foreach (object shown in new object[] { bitmap, image })
        {
            using var decoded = SKBitmap.Decode(Convert.FromBase64String(Formatter.ToDisplayString(shown, Mime.Png)));
            Assert.Equal((3, 2, SKColors.Red), (decoded.Width, decoded.Height, decoded.GetPixel(1, 1)));
        }
    }

    [Fact]
    public void An_animation_carries_its_frames_and_its_stills()
    {
        var animation = new Animation("two", ("a", Pictures.Of(new Points([0], [0]))), ("b", Pictures.Of(new Points([1], [1]))));
        var json = JsonDocument.Parse(Formatter.ToDisplayString(animation, Mime.Plotly)).RootElement;
        Assert.Equal(2, json.GetProperty("frames").GetArrayLength());
        Assert.Equal(["a", "b"], json.GetProperty("layout").GetProperty("sliders")[0].GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("label").GetString()));
        Assert.Contains("<img", Formatter.ToDisplayString(animation, Mime.Html));
    }
}
