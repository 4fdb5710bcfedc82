using System.Globalization;
using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive;

/// <summary>Rectangles with a text in the middle of each: the boxes of a diagram, the cells of a mask.</summary>
/// <example><code>
/// var boxes = new Boxes(x: [0, 2], y: [0, 0], width: [1.4, 1.4], height: [0.6, 0.6]) { Texts = ["data x", "latent z"], Fills = ["#d6e6f4", "#fde8c8"] };
/// new Figure("", [new Panel("two boxes", [boxes]) { HasAxes = false }])  // => Figure "two boxes" x [-0.836, 2.836] y [-0.324, 0.324]: 2 boxes
/// </code></example>
public sealed record Boxes : Layer
{
    /// <summary>Box i has its middle at (x[i], y[i]). The boxes of one layer should not overlap: which of two lies above the other is not defined.</summary>
    /// <param name="x">Abscissas of the middles.</param>
    /// <param name="y">Ordinates of the middles.</param>
    /// <param name="width">In units of the x axis, each positive.</param>
    /// <param name="height">In units of the y axis, each positive.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a width or height is not positive and finite.</exception>
    public Boxes(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<double> width, IReadOnlyList<double> height)
    {
        RequireSame(x.Count, y.Count, nameof(x), nameof(y));
        RequireSame(x.Count, width.Count, nameof(x), nameof(width));
        RequireSame(x.Count, height.Count, nameof(x), nameof(height));
        RequirePositive(width, nameof(width));
        RequirePositive(height, nameof(height));
        (X, Y, Width, Height) = (x, y, width, height);
    }

    /// <summary>Abscissas of the middles.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>Ordinates of the middles.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>Widths in units of the x axis.</summary>
    public IReadOnlyList<double> Width { get; }

    /// <summary>Heights in units of the y axis.</summary>
    public IReadOnlyList<double> Height { get; }

    /// <summary>One for each box, of one or more lines; null: no texts. A text is black on a light box and white on a dark one.</summary>
    public IReadOnlyList<string>? Texts
    {
        get;
        init
        {
            if (value is not null) RequireSame(X.Count, value.Count, "Boxes", nameof(Texts));
            field = value;
        }
    }

    /// <summary>The color of all boxes as #rrggbb.</summary>
    public string Fill { get; init; } = "#d6e6f4";

    /// <summary>A color as #rrggbb for each box; null: <see cref="Fill"/> for all.</summary>
    public IReadOnlyList<string>? Fills
    {
        get;
        init
        {
            if (value is not null) RequireSame(X.Count, value.Count, "Boxes", nameof(Fills));
            field = value;
        }
    }

    /// <summary>The color of the outlines as #rrggbb; null: none.</summary>
    public string? Outline { get; init; } = "#5a6b7b";

    /// <summary>The size of the texts in pixels.</summary>
    public double TextSize { get; init; } = 12;

    internal override Interval? ExtentX => Extent(X, Width);

    internal override Interval? ExtentY => Extent(Y, Height);

    internal string FillOf(int box) => Fills?[box] ?? Fill;

    internal string TextColorOf(int box) => Palette.TextColorOn(int.Parse(FillOf(box).TrimStart('#'), NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    /// <summary>The boxes that have a finite place.</summary>
    internal IEnumerable<int> Shown => Enumerable.Range(0, X.Count).Where(i => double.IsFinite(X[i] + Y[i]));

    internal override string Describe() => $"{X.Count} boxes";

    private static Interval? Extent(IReadOnlyList<double> middles, IReadOnlyList<double> sizes) =>
        Interval.Around([.. middles.Zip(sizes, (middle, size) => middle - size / 2), .. middles.Zip(sizes, (middle, size) => middle + size / 2)]);

    private static void RequirePositive(IReadOnlyList<double> sizes, string name)
    {
        foreach (double size in sizes)
            if (!(size > 0 && double.IsFinite(size))) throw new ArgumentException(FormattableString.Invariant($"Each {name} is positive and finite; one was {size}."), name);
    }
}
