using FlowKit.Interactive.Formatting;

namespace FlowKit.Interactive;

/// <summary>Figures one after the other, with a slider; where nothing moves, side by side.</summary>
/// <example><code>
/// var angle = linspace(0, 2 * Math.PI, 60);
/// Figure Spiral(double turns) => Figures.Samples(stack([angle * (angle * turns).cos(), angle * (angle * turns).sin()], dim: 1), bounds: (-7, 7));
///
/// var animation = new Animation("A spiral", ("one turn", Spiral(1)), ("two turns", Spiral(2)), ("three turns", Spiral(3)));
/// Console.WriteLine(animation.Frames.Count);  // => 3
/// animation
/// </code></example>
[TypeFormatterSource(typeof(PictureFormatters), PreferredMimeTypes = [Mime.Html, Mime.Png, Mime.Text])]
public sealed record Animation
{
    private const int ShownStills = 8, Columns = 4;

    /// <summary>The frames in order. Their axes are made the same.</summary>
    /// <param name="title">Above all; may be empty.</param>
    /// <param name="frames">What the slider says, and the picture; all with the same panels and layers, at least one.</param>
    /// <exception cref="ArgumentException">There is no frame, or two have different panels or layers.</exception>
    public Animation(string title, params IReadOnlyList<(string Label, Figure Figure)> frames)
    {
        if (frames.Count == 0) throw new ArgumentException("An animation has at least one frame; there was none.", nameof(frames));
        string first = Kinds(frames[0].Figure);
        foreach (var (label, figure) in frames)
            if (Kinds(figure) != first)
                throw new ArgumentException($"The frames of an animation have the same panels and layers, here {first}; frame \"{label}\" has {Kinds(figure)}.", nameof(frames));

        (Title, Frames) = (title, [.. frames.Select(frame => (frame.Label, WithCommonAxes(frame.Figure, frames)))]);
    }

    /// <summary>Above all.</summary>
    public string Title { get; }

    /// <summary>What the slider says, and the picture.</summary>
    public IReadOnlyList<(string Label, Figure Figure)> Frames { get; }

    /// <summary>The frames side by side, at most eight, evenly picked; the last explains the names.</summary>
    public Figure Still
    {
        get
        {
            int shown = Math.Min(ShownStills, Frames.Count), panels = Frames[0].Figure.Panels.Count;
            var picked = Enumerable.Range(0, shown).Select(i => Frames[shown == 1 ? 0 : i * (Frames.Count - 1) / (shown - 1)]);
            var still = Figure.Grid(Title, panels > 1 ? panels : Columns, [.. picked.Select(frame => frame.Figure with { Title = frame.Label })]);
            return still with { Panels = [.. still.Panels.Select((panel, i) => panel with { HasLegend = i >= still.Panels.Count - panels })] };
        }
    }

    /// <summary>One line: the title, how many frames, and the first one.</summary>
    public override string ToString() => $"Animation {(Title.Length > 0 ? $"\"{Title}\" " : "")}of {Frames.Count} frames, the first: {Frames[0].Figure}";

    private static string Kinds(Figure figure) =>
        string.Join(" | ", figure.Panels.Select(panel => string.Join(", ", panel.Layers.Select(layer => layer.GetType().Name))));

    private static Figure WithCommonAxes(Figure figure, IReadOnlyList<(string Label, Figure Figure)> frames) => figure with
    {
        Panels = [.. figure.Panels.Select((panel, i) => panel with
        {
            X = Interval.Union(frames.Select(frame => (Interval?)frame.Figure.Panels[i].XRange)),
            Y = Interval.Union(frames.Select(frame => (Interval?)frame.Figure.Panels[i].YRange)),
        })],
    };
}
