using Microsoft.DotNet.Interactive.Events;

namespace FlowKit.Kernel.Tests;

/// <summary>What an output is made of.</summary>
internal static class Displays
{
    private static readonly byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    public static string? Form(this DisplayEvent shown, string mimeType) => shown.FormattedValues.FirstOrDefault(form => form.MimeType == mimeType)?.Value;

    public static string Text(this DisplayEvent shown) => shown.Form("text/plain") ?? "";

    public static string Html(this DisplayEvent shown) => shown.Form("text/html") ?? "";

    /// <summary>HTML, a picture and words, in that order.</summary>
    public static void IsPicture(this DisplayEvent shown)
    {
        Assert.Equal(["text/html", "image/png", "text/plain"], shown.FormattedValues.Select(form => form.MimeType));
        byte[] bytes = Convert.FromBase64String(shown.Form("image/png")!);
        Assert.Equal(png, bytes[..4]);
        Assert.True(bytes.Length > 500);
        Assert.Contains("<img ", shown.Html());
        Assert.NotEmpty(shown.Text());
    }
}
