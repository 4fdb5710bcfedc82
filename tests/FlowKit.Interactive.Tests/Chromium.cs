using PuppeteerSharp;

namespace FlowKit.Tests;

/// <summary>A headless browser that reaches this machine's loopback and nothing else.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string? Program = new[] { "chromium", "chromium-browser", "google-chrome" }
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    private readonly string profile = Directory.CreateTempSubdirectory("flowkit").FullName;
    private IBrowser? browser;

    /// <summary>A page as wide as a person's, after it loaded; skips the test where there is no browser.</summary>
    /// <remarks>It is tall from the start: a front end that scrolls within itself hides the rest from the camera, and one that is resized draws itself anew.</remarks>
    public async Task<IPage> Open(string address)
    {
        Assert.SkipWhen(Program is null, "Chromium is not installed.");
        browser ??= await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = Program,
            UserDataDir = profile,
            DefaultViewport = new() { Width = 1400, Height = 8000 },
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--host-resolver-rules=\"MAP * ~NOTFOUND, EXCLUDE 127.0.0.1\"",
            ],
        });
        var page = await browser.NewPageAsync();
        await page.GoToAsync(address, new NavigationOptions { Timeout = 60_000, WaitUntil = [WaitUntilNavigation.DOMContentLoaded] });
        return page;
    }

    /// <summary>Waits until JavaScript's <paramref name="condition"/> holds in the page.</summary>
    public static Task Until(IPage page, string condition) => page.WaitForExpressionAsync(condition, new WaitForFunctionOptions { Timeout = 60_000 });

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        Directory.Delete(profile, recursive: true);
    }
}
