using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive.Formatting;

/// <summary>How FlowKit's own pictures show themselves; a kernel finds this by the names of the members.</summary>
internal sealed class PictureFormatters
{
    /// <summary>The formatters, found by the names of their members.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new Form(Mime.Html, shown => shown is Animation animation ? ChartHtml.Of(animation) : ChartHtml.Of((Figure)shown)),
        new Form(Mime.Plotly, shown => shown is Animation animation ? PlotlyFrames.Json(animation) : PlotlyRenderer.Json((Figure)shown)),
        new Form(Mime.Png, shown => shown is Animation animation ? animation.Base64() : ((Figure)shown).Base64()),
        new Form(Mime.Text, shown => shown.ToString() ?? ""),
    ];

    private sealed class Form(string mimeType, Func<object, string> write)
    {
        public string MimeType { get; } = mimeType;

        public bool Format(object instance, TextWriter writer)
        {
            writer.Write(write(instance));
            return true;
        }
    }
}
