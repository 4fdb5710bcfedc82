using System.Globalization;
using FlowKit.Interactive.Rendering;
using static TorchSharp.torch;

namespace FlowKit.Interactive;

public static partial class Figures
{
    private const int LargestGroup = 9, LargestCell = 36, SmallestCell = 4, ScreenWidth = 1000, ScreenHeight = 800, BesideCells = 28;

    /// <summary>Masks as squares, those of the value 0 light; channels stand side by side, row 0 at the top.</summary>
    /// <param name="masks">A title and (H, W) or (C, H, W), whole numbers 0 .. 9, each; at least one.</param>
    /// <exception cref="ArgumentException">There is no mask, or one has another shape or other values.</exception>
    /// <example><code>
    /// Figures.Masks(("checkerboard", (arange(4).unsqueeze(1) + arange(4)).remainder(2)), ("by channel", tensor(new[] { 0, 0, 1, 1 }).reshape(4, 1, 1).expand(4, 2, 2)))
    /// </code></example>
    public static Figure Masks(params (string Title, Tensor Mask)[] masks)
    {
        if (masks.Length == 0) throw new ArgumentException("At least one mask is needed; there was none.", nameof(masks));
        foreach (var (title, mask) in masks)
        {
            RequireCells(mask, nameof(masks));
            if (!mask.ToDoubles().All(IsGroup)) throw new ArgumentException($"A mask has whole numbers 0 .. {LargestGroup}; \"{title}\" has others.", nameof(masks));
        }

        double wide = masks.Sum(mask => CellsAcross(mask.Mask)), high = masks.Max(mask => mask.Mask.size(-2)), widest = masks.Max(mask => CellsAcross(mask.Mask));
        int cell = CellSize(wide, high, masks.Length);
        bool fits = wide * cell + masks.Length * BesideCells <= ScreenWidth;
        int across = fits ? masks.Length : Math.Max(1, (int)((ScreenWidth + BesideCells) / (widest * cell + BesideCells)));
        return new("", [.. masks.Select(mask => CellPanel(mask.Title, mask.Mask, numbers: false, mask.Mask, cell))]) { Columns = across };
    }

    /// <summary>Numbers in squares: a picture's pixels, followed through a squeeze. Channels stand side by side, row 0 at the top.</summary>
    /// <param name="title">Above the picture.</param>
    /// <param name="values">(H, W) or (C, H, W): the numbers.</param>
    /// <param name="numbers">Whether they are written into their squares.</param>
    /// <param name="groups">The shape of <paramref name="values"/>, whole numbers 0 .. 9: squares of one group have one color; null: the values, where they are such numbers, or else one group.</param>
    /// <exception cref="ArgumentException">A shape is another, or groups have other values.</exception>
    /// <example><code>
    /// var pixels = arange(16, float32).reshape(1, 1, 4, 4);
    /// var (squeezed, _) = new Squeeze(channels: 1, height: 4, width: 4).Forward(pixels);
    /// Figure.Row("A squeeze", Figures.Cells("4 x 4 pixels", pixels[0]), Figures.Cells("4 channels of 2 x 2", squeezed[0]))
    /// </code></example>
    public static Figure Cells(string title, Tensor values, bool numbers = true, Tensor? groups = null)
    {
        RequireCells(values, nameof(values));
        if (groups is not null)
        {
            Require(groups, values.ShapeText(), groups.shape.SequenceEqual(values.shape), nameof(groups));
            if (!groups.ToDoubles().All(IsGroup)) throw new ArgumentException($"Groups are whole numbers 0 .. {LargestGroup}; there were others.", nameof(groups));
        }

        return One(CellPanel(title, values, numbers, groups ?? (values.ToDoubles().All(IsGroup) ? values : null), CellSize(CellsAcross(values), values.size(-2), 1)));
    }

    private static Panel CellPanel(string title, Tensor values, bool numbers, Tensor? groups, int cell)
    {
        int height = (int)values.size(-2), width = (int)values.size(-1), channels = values.dim() == 3 ? (int)values.size(0) : 1;
        double[] all = values.ToDoubles(), group = groups?.ToDoubles() ?? new double[all.Length], ones = new double[all.Length];
        Array.Fill(ones, 1);
        double[] x = [.. all.Select((_, i) => i / (height * width) * (width + 1) + i % width + 0.5)], y = [.. all.Select((_, i) => height - i / width % height - 0.5)];
        string[] texts = [.. all.Select(value => value.ToString("G4", CultureInfo.InvariantCulture))];
        float longest = numbers ? texts.Max(text => EmbeddedFont.Measure(text, 1)) : 1;
        var boxes = new Boxes(x, y, ones, ones)
        {
            Texts = numbers ? texts : null,
            TextSize = Math.Clamp(Math.Floor((cell - 6) / longest), 8, 13),
            Fills = [.. group.Select(value => value == 0 ? "#f3f4f6" : Palette.At((int)value - 1))],
            Outline = cell < 8 ? null : "#9aa5b1",
        };
        double line = 1.0 / cell;
        return Panel.Drawing(title, [boxes], (-line, channels * (width + 1) - 1 + line), (-line, height + line), cell);
    }

    private static bool IsGroup(double value) => value is >= 0 and <= LargestGroup && value == Math.Truncate(value);

    private static double CellsAcross(Tensor mask) => mask.dim() == 3 ? mask.size(0) * (mask.size(2) + 1) - 1 : mask.size(1);

    private static int CellSize(double wide, double high, int panels) =>
        (int)Math.Clamp(Math.Min((ScreenWidth - panels * BesideCells) / wide, ScreenHeight / high), SmallestCell, LargestCell);

    private static void RequireCells(Tensor values, string name) =>
        Require(values, "(H, W) or (C, H, W), not empty", values.dim() is 2 or 3 && values.numel() > 0, name);
}
