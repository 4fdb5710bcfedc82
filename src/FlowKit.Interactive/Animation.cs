using FlowKit.Interactive.Formatting;
using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive;

/// <summary>Figures one after the other, with a slider; where nothing moves, side by side.</summary>
/// <example><code>
/// var angle = linspace(0, 2 * Math.PI, 60);
/// Figure Spiral(double turns) => Figures.Samples(stack([angle * (angle * turns).cos(), angle * (angle * turns).sin()], dim: 1), bounds: (-7, 7));
///
/// var animation = new Animation("A spiral", ("one turn", Spiral(1)), ("two turns", Spiral(2)), ("three turns", Spiral(3))) { Start = 1 };
/// Console.WriteLine($"{animation.Frames.Count} frames, opens at {animation.Start}");  // => 3 frames, opens at 1
/// animation
/// </code></example>
[TypeFormatterSource(typeof(PictureFormatters), PreferredMimeTypes = [Mime.Html, Mime.Png, Mime.Text])]
public sealed record Animation
{
    private const int ShownStills = 8, Columns = 4, LeastWidth = 60, LargestWidth = 1000, LargestHeight = 860, BesidePanel = 70;

    private readonly int? start;

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

    /// <summary>The index of the frame on which the slider opens; that is the last one, unless it is set.</summary>
    public int Start
    {
        get => start ?? Frames.Count - 1;
        init
        {
            if (value < 0 || value >= Frames.Count)
                throw new ArgumentOutOfRangeException(nameof(Start), $"An animation of {Frames.Count} frames starts at one of 0..{Frames.Count - 1}; {nameof(Start)} was {value}.");
            start = value;
        }
    }

    /// <summary>At most eight frames side by side, evenly picked, the one of <see cref="Start"/> among them, in a picture no larger than a screen; the last explains the names.</summary>
    public Figure Still
    {
        get
        {
            int panels = Frames[0].Figure.Panels.Count;
            Figure[] small = [.. Frames.Select(frame => Small(frame.Figure, panels > 1 ? panels : Columns) with { Title = frame.Label })];
            int across = panels > 1 ? panels : Enumerable.Range(1, Math.Min(Columns, small.Length)).Last(count => count == 1 || Row(count).Width <= LargestWidth);
            int down = Math.Max(1, LargestHeight / Row(across).Height);
            int shown = Math.Min(Math.Min(ShownStills, Frames.Count), panels > 1 ? down : across * down);
            int[] picked = [.. Enumerable.Range(0, shown).Select(i => shown == 1 ? Start : i * (Frames.Count - 1) / (shown - 1))];
            picked[Enumerable.Range(0, shown).MinBy(i => Math.Abs(picked[i] - Start))] = Start;

            var still = Figure.Grid(Title, across, [.. picked.Select(i => small[i])]);
            return still with { Panels = [.. still.Panels.Select((panel, i) => panel with { HasLegend = i >= still.Panels.Count - panels })] };

            FigureLayout Row(int count) => FigureLayout.Of(Figure.Row("", [.. small.Take(count)]));
        }
    }

    /// <summary>One line: the title, how many frames, and the first one.</summary>
    public override string ToString() => $"Animation {(Title.Length > 0 ? $"\"{Title}\" " : "")}of {Frames.Count} frames, the first: {Frames[0].Figure}";

    private static Figure Small(Figure figure, int across) => figure with
    {
        Panels = [.. figure.Panels.Select(panel => Math.Min(1, Math.Max(LeastWidth, LargestWidth / across - BesidePanel) / (double)panel.Width) is < 1 and var scale
            ? panel with { Width = (int)(scale * panel.Width), Height = (int)(scale * panel.Height) } : panel)],
    };

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
