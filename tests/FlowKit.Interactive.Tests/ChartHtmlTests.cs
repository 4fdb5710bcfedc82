using System.Text.RegularExpressions;
using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive.Tests;

public class ChartHtmlTests
{
    private static readonly Figure Line = Pictures.Of(new Curve([0, 1, 2], [0, 1, 4])), Dots = Pictures.Of(new Points([0, 1], [1, 0]));

    private static int Count(string text, string pattern) => Regex.Count(text, pattern);

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
    public void Charts_before_and_after_the_loader_and_twins_draw_themselves_offline()
    {
        string page = Chromium.Run(ChartHtml.Of(Line) + PlotlyLoader.Html + ChartHtml.Of(Dots) + ChartHtml.Of(Line) + PlotlyLoader.Html);
        Assert.Equal(3, Count(page, "class=\"js-plotly-plot\""));
        Assert.Equal(0, Count(page, "<img"));
    }

    [Fact]
    public void A_module_loader_in_the_page_is_left_alone()
    {
        string page = Chromium.Run("<script>window.define = () => { throw new Error('Mismatched anonymous define()'); }; window.define.amd = {};</script>"
            + PlotlyLoader.Html + ChartHtml.Of(Dots));
        Assert.Equal(1, Count(page, "class=\"js-plotly-plot\""));
    }

    [Fact]
    public void Without_the_loader_or_without_scripts_the_picture_stays()
    {
        string page = Chromium.Run(ChartHtml.Of(Line) + Regex.Replace(ChartHtml.Of(Dots), "<script.*</script>", ""));
        Assert.Equal(2, Count(page, "<img"));
        Assert.Equal(0, Count(page, "js-plotly-plot"));
    }

    [Fact]
    public void An_animation_draws_its_slider()
    {
        string page = Chromium.Run(PlotlyLoader.Html + ChartHtml.Of(new Animation("two", ("a", Line), ("b", Line))));
        Assert.Equal(1, Count(page, "class=\"js-plotly-plot\""));
        Assert.Contains("slider-container", page);
    }
}
