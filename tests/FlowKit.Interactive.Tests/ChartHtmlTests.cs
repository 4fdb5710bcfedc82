using System.Text.RegularExpressions;
using FlowKit.Interactive.Rendering;
using FlowKit.Tests;

namespace FlowKit.Interactive.Tests;

public class ChartHtmlTests
{
    private static readonly Figure Line = Pictures.Of(new Curve([0, 1, 2], [0, 1, 4])), Dots = Pictures.Of(new Points([0, 1], [1, 0]));

    [Fact]
    public void The_loader_fits_a_notebook_of_two_megabytes_with_ten_charts()
    {
        double[] x = [.. Enumerable.Range(0, 200).Select(i => i / 20.0)];
        string page = PlotlyLoader.Html + string.Concat(Enumerable.Range(0, 10).Select(k => ChartHtml.Of(Pictures.Of(new Curve(x, [.. x.Select(at => Math.Sin(k * at))])))));
        Assert.InRange(page.Length, 1_000_000, 2_000_000);
        Assert.InRange(PlotlyLoader.Html.Length, 1_000_000, 1_550_000);
    }

    [Fact]
    public void The_same_figure_makes_the_same_HTML_and_another_one_another() =>
        Assert.Equal(2, new[] { ChartHtml.Of(Line), ChartHtml.Of(Line), ChartHtml.Of(Dots) }.Distinct().Count());

    [Fact]
    public Task Charts_before_and_after_the_loader_and_twins_draw_themselves_offline() =>
        Shows(ChartHtml.Of(Line) + PlotlyLoader.Html + ChartHtml.Of(Dots) + ChartHtml.Of(Line) + PlotlyLoader.Html, charts: 3, pictures: 0);

    [Fact]
    public Task A_module_loader_in_the_page_is_left_alone() =>
        Shows("<script>window.define = () => { throw new Error('Mismatched anonymous define()'); }; window.define.amd = {};</script>" + PlotlyLoader.Html + ChartHtml.Of(Dots), charts: 1, pictures: 0);

    [Fact]
    public Task Without_the_loader_or_without_scripts_the_picture_stays() =>
        Shows(ChartHtml.Of(Line) + Regex.Replace(ChartHtml.Of(Dots), "<script.*</script>", ""), charts: 0, pictures: 2);

    [Fact]
    public Task An_animation_draws_its_slider() =>
        Shows(PlotlyLoader.Html + ChartHtml.Of(new Animation("two", ("a", Line), ("b", Line))), charts: 1, pictures: 0, also: ".slider-container");

    private static async Task Shows(string html, int charts, int pictures, string also = "body")
    {
        string folder = Directory.CreateTempSubdirectory("flowkit").FullName, page = Path.Combine(folder, "page.html");
        try
        {
            File.WriteAllText(page, $"<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>{html}</body></html>");
            await using var browser = new Chromium();
            var shown = await browser.Open($"file://{page}");
            await shown.EvaluateExpressionAsync("window.flowkitDraw?.()");
            if (charts > 0) await Chromium.Until(shown, $"document.querySelectorAll('.js-plotly-plot').length >= {charts} && document.querySelectorAll('img').length <= {pictures} && document.querySelector('{also}') !== null");
            Assert.Equal(charts, await shown.EvaluateExpressionAsync<int>("document.querySelectorAll('.js-plotly-plot').length"));
            Assert.Equal(pictures, await shown.EvaluateExpressionAsync<int>("document.querySelectorAll('img').length"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
