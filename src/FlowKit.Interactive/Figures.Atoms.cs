using FlowKit.Interactive.Rendering;
using FlowKit.Measures;

namespace FlowKit.Interactive;

public static partial class Figures
{
    private const double Between = 3.5, BoxSide = 0.84, BoxGap = 0.5;     // points stand 1 apart
    private const double PixelsAPoint = 46;

    /// <summary>A map between finite spaces and the atoms on both sides. The atoms of the target each have a color, and a point of the source has the color of its value:
    /// the map is measurable if no box on the left holds two colors.</summary>
    /// <param name="map">From the points on the left to those on the right.</param>
    /// <param name="source">The sigma-algebra on the left; each of its atoms is a box.</param>
    /// <param name="target">The sigma-algebra on the right.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="measure">A measure on the left; if the map is measurable, its masses stand on the left and those of its push-forward on the right. Null: no masses.</param>
    /// <exception cref="ArgumentException">An algebra or the measure does not belong to the map's spaces.</exception>
    /// <example><code>
    /// using FlowKit.Measures;
    ///
    /// // i mod 2 on four points, each of mass 1/4: a half at 0 and a half at 1.
    /// var parity = new FiniteMap(2, 0, 1, 0, 1);
    /// var (four, two) = (SigmaAlgebra.Discrete(4), SigmaAlgebra.Discrete(2));
    /// Figures.Atoms(parity, four, two, measure: PositiveMeasure.Counting(four).Normalized())
    /// </code></example>
    public static Figure Atoms(FiniteMap map, SigmaAlgebra source, SigmaAlgebra target, string title = "", PositiveMeasure? measure = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.Points != map.Points) throw new ArgumentException($"The map starts from {map.Points} points; the sigma-algebra is on {source.Points}.", nameof(source));
        if (target.Points != map.Targets) throw new ArgumentException($"The map has its values in {map.Targets} points; the sigma-algebra is on {target.Points}.", nameof(target));
        if (measure is not null && !measure.Algebra.Equals(source)) throw new ArgumentException($"The measure lives on {measure.Algebra}; the source's sigma-algebra is {source}.", nameof(measure));

        var (left, right) = (Heights(source), Heights(target));
        List<Layer> layers = [AtomBoxes(0, source, left), AtomBoxes(Between, target, right)];
        foreach (var one in Enumerable.Range(0, map.Targets).GroupBy(Color))
        {
            int[] values = [.. one], points = [.. Enumerable.Range(0, map.Points).Where(point => values.Contains(map[point]))];
            layers.AddRange([ToArrows(points.Select(point => (left[point], right[map[point]])), one.Key), Dots(0, points, left, one.Key), Dots(Between, values, right, one.Key)]);
        }
        layers.AddRange([Names(0, left), Names(Between, right)]);
        if (measure is not null && map.IsMeasurable(source, target))
            layers.AddRange([Masses(-1.1, measure, left), Masses(Between + 1.1, measure.PushForward(map, target), right)]);

        double half = Math.Max(left.Max(), right.Max()) + 0.7, side = measure is null ? 0.8 : 1.7;
        return One(Panel.Drawing(title, layers, (-side, Between + side), (-half, half), PixelsAPoint));

        string Color(int value) => Palette.At(target.AtomOf(value));
    }

    // Where each point stands: atom by atom from the top, around 0.
    private static double[] Heights(SigmaAlgebra algebra)
    {
        double[] heights = new double[algebra.Points];
        double next = 0;
        foreach (var atom in algebra.Atoms)
        {
            foreach (int point in atom) heights[point] = next--;
            next -= BoxGap;
        }
        double middle = (heights.Min() + heights.Max()) / 2;
        return Array.ConvertAll(heights, height => height - middle);
    }

    private static Boxes AtomBoxes(double x, SigmaAlgebra algebra, double[] heights)
    {
        double[] lows = [.. algebra.Atoms.Select(atom => atom.Min(point => heights[point]))], highs = [.. algebra.Atoms.Select(atom => atom.Max(point => heights[point]))];
        return new([.. lows.Select(_ => x)], [.. lows.Zip(highs, (low, high) => (low + high) / 2)], [.. lows.Select(_ => BoxSide)], [.. lows.Zip(highs, (low, high) => high - low + BoxSide)])
        {
            Fill = "#ffffff",
            Outline = "#7f7f7f",
        };
    }

    private static Arrows ToArrows(IEnumerable<(double From, double To)> heights, string color)
    {
        const double length = Between - BoxSide;
        (double From, double Rise)[] all = [.. heights.Select(pair => (pair.From + (pair.To - pair.From) * BoxSide / 2 / Between, (pair.To - pair.From) * length / Between))];
        return new([.. all.Select(_ => BoxSide / 2)], [.. all.Select(arrow => arrow.From)], [.. all.Select(_ => length)], [.. all.Select(arrow => arrow.Rise)]) { Color = color, Head = 0.2 };
    }

    private static Points Dots(double x, IEnumerable<int> points, double[] heights, string color)
    {
        double[] y = [.. points.Select(point => heights[point])];
        return new([.. y.Select(_ => x)], y) { Size = 24, Opacity = 0.35, Color = color };
    }

    private static Labels Names(double x, double[] heights) => new([.. heights.Select(_ => x)], heights, [.. heights.Select((_, point) => $"{point}")]);

    private static Labels Masses(double x, PositiveMeasure measure, double[] heights) => new([.. measure.Weights.Select(_ => x)],
        [.. measure.Algebra.Atoms.Select(atom => atom.Average(point => heights[point]))], [.. measure.Weights.Select(weight => $"{weight}")]);
}
