using FlowKit.Tests;
using PuppeteerSharp;
using SkiaSharp;

namespace FlowKit.Cli.Tests.Jupyter;

/// <summary>What a person sees of each type of chart in a browser that has no network: in a notebook they trust, in one they do not, and in an exported page.</summary>
public sealed class FrontEndTests(JupyterHost jupyter) : IClassFixture<JupyterHost>
{
    private const string Charts = "[...document.querySelectorAll('.js-plotly-plot')]", Pictures = "[...document.querySelectorAll('img[src^=\"data:image/png\"]')]";

    [Fact]
    public async Task A_trusted_notebook_shows_every_chart_alive()
    {
        jupyter.Require();
        using var work = new Workspace();
        string book = Gallery.Run(work, JupyterHost.Kernel);
        Trust(book);
        await using var server = await NotebookServer.Start(jupyter, work.Folder);
        await using var browser = new Chromium();
        await IsAlive(await browser.Open(server.Address("gallery.ipynb")), "trusted");
    }

    [Fact]
    public async Task An_untrusted_notebook_shows_the_picture_of_every_chart()
    {
        jupyter.Require();
        using var work = new Workspace();
        Trust(Gallery.Run(work, JupyterHost.Kernel));
        Trust("--reset");           // the same outputs may have been trusted before
        await using var server = await NotebookServer.Start(jupyter, work.Folder);
        await using var browser = new Chromium();

        var page = await browser.Open(server.Address("gallery.ipynb"));
        await Chromium.Until(page, $"{Pictures}.length === {Gallery.Charts.Length} && {Pictures}.every(picture => picture.naturalWidth > 200 && picture.getBoundingClientRect().width > 200)");
        Assert.False(await page.EvaluateExpressionAsync<bool>("Jupyter.notebook.trusted"));
        Assert.Equal(0, await page.EvaluateExpressionAsync<int>($"{Charts}.length"));
        await Keep(page, "untrusted", "img[src^=\"data:image/png\"]");
    }

    [Fact]
    public async Task An_exported_page_shows_every_chart_alive()
    {
        using var work = new Workspace();
        string book = Gallery.Run(work);
        Assert.Equal(0, work.Invoke("export", book));
        await using var browser = new Chromium();
        await IsAlive(await browser.Open($"file://{work["gallery.html"]}"), "exported");
    }

    // The Notebook remembers what was signed, not where it lies.
    private void Trust(string argument) => jupyter.RunPython("-c", "from nbformat.sign import TrustNotebookApp; TrustNotebookApp.launch_instance()", argument);

    // Each has drawn itself where it can be seen, took its picture's place, and the animation's slider moves it.
    private static async Task IsAlive(IPage page, string name)
    {
        await Chromium.Until(page, $"{Charts}.length >= {Gallery.Charts.Length} && {Pictures}.length === 0");
        Assert.Equal(Gallery.Charts.Length, await page.EvaluateExpressionAsync<int>($"{Charts}.filter(chart => chart.querySelector('.main-svg').getBoundingClientRect().width > 200).length"));
        Assert.Equal(Gallery.Charts.Length, await page.EvaluateExpressionAsync<int>($"{Charts}.filter(chart => chart.data.length > 0 && chart.querySelector('.trace, .heatmaplayer image, .imagelayer image') !== null).length"));

        const string Moved = "[...document.querySelectorAll('.js-plotly-plot')].find(chart => chart.querySelector('.slider-container'))";
        string before = await page.EvaluateExpressionAsync<string>($"JSON.stringify({Moved}.data[0].x)");
        await page.EvaluateExpressionAsync($"window.Plotly.animate({Moved}, [{Moved}.layout.sliders[0].steps[0].args[0][0]], {{ mode: 'immediate', frame: {{ duration: 0 }}, transition: {{ duration: 0 }} }})");
        Assert.NotEqual(before, await page.EvaluateExpressionAsync<string>($"JSON.stringify({Moved}.data[0].x)"));
        await Keep(page, name, ".js-plotly-plot");
    }

    // For a person to look at: artifacts/screenshots.
    private static async Task Keep(IPage page, string name, string charts)
    {
        string folder = Path.Combine(JupyterHost.Root, "artifacts", "screenshots", name);
        Directory.CreateDirectory(folder);
        var elements = await page.QuerySelectorAllAsync(charts);
        for (int i = 0; i < Gallery.Charts.Length; i++)
        {
            string file = Path.Combine(folder, $"{Gallery.Charts[i].Name}.png");
            await elements[i].ScreenshotAsync(file);
            using var seen = SKBitmap.Decode(file);
            Assert.True(seen.Pixels.Distinct().Count() > 20, $"{Gallery.Charts[i].Name}: the screenshot is as good as empty");
        }
    }
}
