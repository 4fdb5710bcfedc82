using System.Net;
using System.Runtime.CompilerServices;

namespace FlowKit.Interactive.Rendering;

/// <summary>Figures as PNG in base64, drawn once: the same picture stands in an output's HTML and beside it.</summary>
internal static class Stills
{
    private static readonly ConditionalWeakTable<Figure, string> drawn = [];
    private static readonly ConditionalWeakTable<Animation, Figure> stills = [];

    /// <summary>The figure's PNG.</summary>
    public static string Base64(this Figure figure) => drawn.GetValue(figure, static figure => Convert.ToBase64String(figure.ToPng()));

    /// <summary>The PNG of the frames side by side.</summary>
    public static string Base64(this Animation animation) => Still(animation).Base64();

    /// <summary>The figure's PNG as an HTML element.</summary>
    public static string Image(this Figure figure) => Image(figure, figure.ToString());

    /// <summary>The frames side by side as an HTML element.</summary>
    public static string Image(this Animation animation) => Image(Still(animation), animation.ToString());

    private static Figure Still(Animation animation) => stills.GetValue(animation, static animation => animation.Still);

    private static string Image(Figure figure, string words)
    {
        var at = FigureLayout.Of(figure);
        return $"<img width=\"{at.Width}\" height=\"{at.Height}\" alt=\"{WebUtility.HtmlEncode(words)}\" src=\"data:image/png;base64,{figure.Base64()}\">";
    }
}
