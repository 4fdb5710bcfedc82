using System.Text.Json.Nodes;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace FlowKit.Cli;

/// <summary>Makes a cell's HTML a part of a page: what it opens it closes, its pictures are inside it, and its names are its own.</summary>
/// <param name="folder">Where pictures with relative names lie.</param>
internal sealed class PageParts(string folder)
{
    private static readonly HtmlParser Parser = new();

    private readonly List<string> missing = [], remote = [];
    private readonly HashSet<string> names = [];

    /// <summary>Pictures that are not where the text says.</summary>
    public IReadOnlyList<string> Missing => missing;

    /// <summary>Pictures, scripts and styles that only a network has.</summary>
    public IReadOnlyList<string> Remote => remote;

    /// <summary>The HTML of a cell's text: a name that another cell has gets a number.</summary>
    /// <param name="html">Perhaps with tags that nothing closes.</param>
    /// <param name="attachments">The pictures stored with the cell, by name and MIME type, or null.</param>
    public string Text(string html, JsonObject? attachments) => Whole(html, attachments, Rename);

    /// <summary>The HTML of an output, whose scripts may know its names.</summary>
    /// <param name="html">Perhaps with tags that nothing closes.</param>
    public string Output(string html) => Whole(html, attachments: null, _ => { });

    private string Whole(string html, JsonObject? attachments, Action<IReadOnlyList<IElement>> mend)
    {
        if (!html.Contains('<')) return html;
        var nodes = Parser.ParseFragment(html, Parser.ParseDocument("").Body!);
        IElement[] elements = [.. nodes.QuerySelectorAll("*")];
        foreach (var element in elements) TakeIn(element, attachments);
        mend(elements);
        return nodes.ToHtml();
    }

    private void TakeIn(IElement element, JsonObject? attachments)
    {
        string? address = element.LocalName is "link" ? element.GetAttribute("href") : element.LocalName is "img" or "script" or "iframe" ? element.GetAttribute("src") : null;
        if (address is null) return;
        if (IsRemote(address)) remote.Add(address);
        else if (element.LocalName is "img" && !address.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            if (Inside(address, attachments) is { } data) element.SetAttribute("src", data);
            else missing.Add(address);
        }
    }

    private void Rename(IReadOnlyList<IElement> elements)
    {
        foreach (var element in elements.Where(element => !string.IsNullOrEmpty(element.Id)))
        {
            string name = element.Id!, free = name;
            for (int i = 1; !names.Add(free); i++) free = $"{name}-{i}";
            if (free == name) continue;
            element.Id = free;
            foreach (var link in elements.Where(link => link.GetAttribute("href") == $"#{name}")) link.SetAttribute("href", $"#{free}");
        }
    }

    private static bool IsRemote(string url) => url.StartsWith("//", StringComparison.Ordinal) || (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https");

    // The picture as a data URI, or null where there is none.
    private string? Inside(string url, JsonObject? attachments)
    {
        string name = Uri.UnescapeDataString(url.Split('?', '#')[0]);
        if (name.StartsWith("attachment:", StringComparison.Ordinal) && attachments?[name["attachment:".Length..]] is JsonObject { Count: > 0 } stored && stored.First() is var (mime, data))
            return $"data:{mime};base64,{NotebookText.Join(data)?.ReplaceLineEndings("")}";
        string file = Path.Combine(folder, name);
        return Mime(file) is { } type && Bytes(file) is { } bytes ? $"data:{type};base64,{Convert.ToBase64String(bytes)}" : null;
    }

    private static byte[]? Bytes(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllBytes(file) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Mime(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".gif" => "image/gif",
        ".svg" => "image/svg+xml",
        ".webp" => "image/webp",
        ".avif" => "image/avif",
        ".bmp" => "image/bmp",
        _ => null,
    };
}
