using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace FlowKit.Cli;

/// <summary>Turns the HTML of a cell's text or output into a part of a page: every tag is closed, pictures are embedded, and the ids of headings and footnotes are unique.</summary>
/// <param name="folder">Where pictures with relative names lie.</param>
internal sealed partial class PageParts(string folder)
{
    private static readonly HtmlParser Parser = new(new HtmlParserOptions { IsScripting = true });
    private static readonly IElement Body = Parser.ParseDocument("").Body!;

    private readonly HashSet<string> missing = [], remote = [];
    private readonly Dictionary<string, int> names = [];

    /// <summary>Pictures that were not found.</summary>
    public IReadOnlyCollection<string> Missing => missing;

    /// <summary>Pictures, scripts and styles that require a network.</summary>
    public IReadOnlyCollection<string> Remote => remote;

    /// <summary>The same HTML, well-formed; text that would swallow the rest of the page is shown as it was written.</summary>
    /// <param name="html">HTML whose tags may be unclosed.</param>
    /// <param name="attachments">The pictures stored with the cell, by name and MIME type, or null.</param>
    public string Of(string html, JsonObject? attachments = null)
    {
        var nodes = Parser.ParseFragment(html, Body);
        IElement[] elements = [.. nodes.QuerySelectorAll("*")];
        foreach (var element in elements) TakeIn(element, attachments);
        Rename(elements);
        string whole = nodes.ToHtml();
        return IsClosed(whole) ? whole : $"<pre>{WebUtility.HtmlEncode(html)}</pre>";
    }

    // Nothing closes <plaintext>, nor a script in a comment in a script.
    private static bool IsClosed(string html) => Parser.ParseFragment($"{html}<hr id=\"after\">", Body)[^1] is IElement { Id: "after", ChildNodes.Length: 0 };

    private void TakeIn(IElement element, JsonObject? attachments)
    {
        string attribute = element.LocalName switch { "link" or "image" or "use" => "href", "object" => "data", _ => "src" };
        if (element.GetAttribute(attribute)?.Trim() is not { Length: > 0 } address) return;

        if (IsRemote(address)) remote.Add(address);
        else if (element.LocalName is "img" && !address.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            if (Inside(address, attachments) is { } data) Embed(element, data);
            else missing.Add(address);
        }
    }

    // In the place of its other sizes too, which lie in files.
    private static void Embed(IElement picture, string data)
    {
        picture.SetAttribute("src", data);
        picture.RemoveAttribute("srcset");
        if (picture.ParentElement is not { LocalName: "picture" } set) return;
        foreach (var source in set.QuerySelectorAll("source")) source.Remove();
    }

    // A heading or footnote whose id is taken gets a number, and the cell's links follow.
    private void Rename(IReadOnlyList<IElement> elements)
    {
        Dictionary<string, string> renamed = [];
        foreach (var element in elements.Where(element => element.Id is { Length: > 0 } id && Names().IsMatch($"{element.LocalName} {id}")))
        {
            string name = element.Id!;
            element.Id = Free(name);
            renamed.TryAdd(name, element.Id);       // a link goes to the first of its cell
        }
        foreach (var link in elements)
            if (link.GetAttribute("href") is ['#', ..] target && renamed.TryGetValue(Uri.UnescapeDataString(target[1..]), out string? name)) link.SetAttribute("href", $"#{name}");
    }

    private string Free(string name)
    {
        if (names.TryAdd(name, 0)) return name;
        string free;
        do free = $"{name}-{++names[name]}";
        while (!names.TryAdd(free, 0));
        return free;
    }

    [GeneratedRegex("^(h[1-6] |[a-z]+ fn(ref)?:)")]
    private static partial Regex Names();

    private static bool IsRemote(string url) => url.StartsWith("//", StringComparison.Ordinal) || (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https");

    // The picture as a data URI, or null where there is none.
    private string? Inside(string url, JsonObject? attachments)
    {
        string name = Uri.UnescapeDataString(url.Split('?', '#')[0]);
        if (name.StartsWith("attachment:", StringComparison.Ordinal) && attachments?[name["attachment:".Length..]] is JsonObject { Count: > 0 } stored && NotebookText.Join(stored.First().Value) is { } stored64)
            return $"data:{stored.First().Key};base64,{stored64.ReplaceLineEndings("")}";
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
