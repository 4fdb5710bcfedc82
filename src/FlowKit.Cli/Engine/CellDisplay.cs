using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace FlowKit.Cli;

/// <summary>The methods that every cell can call to display a value before it ends.</summary>
/// <example><code>
/// var shown = display("training ...");
/// shown.Update("done");
/// HTML("&lt;b>bold&lt;/b>").Display();
/// </code></example>
public static class CellDisplay
{
    /// <summary>Shows a value below the cell.</summary>
    /// <param name="value">Anything.</param>
    /// <param name="mimeTypes">The MIME types to use; none: those that its type prefers.</param>
    /// <returns>A handle that can show another value in the same place.</returns>
#pragma warning disable IDE1006 // the name that notebooks know from .NET Interactive and Jupyter
    public static DisplayedValue display(object? value, params string[] mimeTypes)
#pragma warning restore IDE1006
    {
        var shown = new DisplayedValue(mimeTypes);
        OutputSink.Current?.Send(new CellOutput.Display(MimeBundle.Of(value, mimeTypes), shown.Id));
        return shown;
    }

    /// <summary>Shows a value below the cell.</summary>
    /// <param name="value">Anything.</param>
    /// <param name="mimeTypes">The MIME types to use; none: those that its type prefers.</param>
    /// <remarks>Generic, so that overload resolution prefers it to the method of the same name in .NET Interactive's formatting library, whose handle cannot replace the value.</remarks>
    public static DisplayedValue Display<T>(this T value, params string[] mimeTypes) => display(value, mimeTypes);

    /// <summary>Shows below the cell what the formatting library's own <c>DisplayAs</c>, <c>DisplayTable</c> and <c>Display</c> produce.</summary>
    internal static void Show(Microsoft.DotNet.Interactive.Formatting.DisplayedValue shown)
    {
        string[] mimeTypes = [.. shown.FormattedValues.Select(form => form.MimeType)];
        var bundle = shown.Value is string ? new JsonObject(shown.FormattedValues.Select(form => KeyValuePair.Create(form.MimeType, (JsonNode?)form.Value)))
            : shown.Value is null || mimeTypes.SequenceEqual(Formatter.GetPreferredMimeTypesFor(shown.Value.GetType())) ? MimeBundle.Of(shown.Value)
            : MimeBundle.Of(shown.Value, mimeTypes);
        OutputSink.Current?.Send(new CellOutput.Display(bundle, DisplayedValue.NewId()));
    }

    /// <summary>Text that is shown as HTML.</summary>
    public static IHtmlContent HTML(string content) => new HtmlString(content);
}
