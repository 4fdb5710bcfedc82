namespace FlowKit.Interactive.Formatting;

/// <summary>The MIME types of outputs.</summary>
internal static class Mime
{
    public const string Plotly = "application/vnd.plotly.v1+json";

    public const string Png = "image/png";

    public const string Html = "text/html";

    public const string Text = "text/plain";

    public const string Json = "application/json";
}
