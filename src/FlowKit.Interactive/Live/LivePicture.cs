using System.Net;
using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive;

/// <summary>A figure that will be drawn anew, with a line of words. It is a still picture: a chart that is replaced twice a second would flicker.</summary>
internal sealed record LivePicture(Figure Figure, string Words)
{
    public string Html => $"{Figure.Image()}<div>{WebUtility.HtmlEncode(Words)}</div>";
}
