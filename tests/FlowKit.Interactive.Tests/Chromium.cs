using System.Diagnostics;

namespace FlowKit.Interactive.Tests;

/// <summary>A headless browser without a network.</summary>
internal static class Chromium
{
    private static readonly string? Path = new[] { "chromium", "chromium-browser", "google-chrome" }
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator).Select(folder => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>The page's elements after its scripts ran; skips the test where there is no browser.</summary>
    public static string Run(string html)
    {
        Assert.SkipWhen(Path is null, "Chromium is not installed.");
        string folder = Directory.CreateTempSubdirectory("flowkit").FullName;
        try
        {
            string page = System.IO.Path.Combine(folder, "page.html");
            File.WriteAllText(page, $"<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>{html}</body></html>");
            using var browser = Process.Start(new ProcessStartInfo(Path!,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND", $"--user-data-dir={folder}/profile",
                "--virtual-time-budget=20000", "--dump-dom", $"file://{page}",
            ])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            browser.ErrorDataReceived += (_, _) => { };
            browser.BeginErrorReadLine();
            var elements = browser.StandardOutput.ReadToEndAsync();
            if (!elements.Wait(TimeSpan.FromSeconds(90))) browser.Kill(entireProcessTree: true);
            return elements.Result;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
