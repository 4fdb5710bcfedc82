using System.Net;

namespace FlowKit;

/// <summary>A module's tree as text and as HTML.</summary>
internal sealed class ModuleFormatters
{
    /// <summary>The formatters, found by the names of their members.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [new Tree("text/html"), new Tree("text/plain")];

    private sealed class Tree(string mimeType)
    {
        public string MimeType { get; } = mimeType;

        public bool Format(object instance, TextWriter writer)
        {
            string text = instance.ToString() ?? "";
            writer.Write(MimeType == "text/html" ? $"<pre>{WebUtility.HtmlEncode(text)}</pre>" : text);
            return true;
        }
    }
}
