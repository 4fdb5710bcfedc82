namespace FlowKit.Measures;

/// <summary>A simple polygon of the plane with exact corners.</summary>
/// <example><code>
/// using FlowKit.Measures;
///
/// var square = new Polygon((0, 0), (1, 0), (1, 1), (0, 1));
/// var image = square.Map(2, 1, 1, 3);            // |det (2, 1; 1, 3)| = 5
/// Console.WriteLine($"{square.Area}, {image.Area}");  // => 1, 5
/// </code></example>
public sealed class Polygon
{
    private readonly (Rational X, Rational Y)[] corners;

    /// <summary>The polygon through the corners, in order; the last is joined to the first.</summary>
    /// <exception cref="ArgumentException">There are fewer than three corners, one is infinite, or two edges cross or touch.</exception>
    public Polygon(params IEnumerable<(Rational X, Rational Y)> corners)
    {
        ArgumentNullException.ThrowIfNull(corners);
        this.corners = [.. corners];
        if (this.corners.Length < 3) throw new ArgumentException($"A polygon has at least 3 corners; it had {this.corners.Length}.", nameof(corners));
        foreach (var corner in this.corners.Where(corner => !corner.X.IsFinite || !corner.Y.IsFinite))
            throw new ArgumentException($"A corner is a point of the plane; ({corner.X}, {corner.Y}) is none.", nameof(corners));
        foreach (var (i, j) in Meetings())
            throw new ArgumentException($"A simple polygon does not meet itself; its edges {i} and {j} do, apart from a corner that joins them.", nameof(corners));
    }

    private Polygon((Rational X, Rational Y)[] corners) => this.corners = corners;

    /// <summary>The polygon through the rows of a tensor, each number taken exactly as it is.</summary>
    /// <param name="corners">(N, 2), N at least 3.</param>
    /// <exception cref="ArgumentException">The shape is another, a number is not finite, or two edges cross or touch.</exception>
    public static Polygon Through(Tensor corners)
    {
        Guard.Batch(corners, [2]);
        Guard.Number(corners);
        using var scope = NewDisposeScope();
        double[] flat = corners.detach().to(CPU).to(float64).contiguous().data<double>().ToArray();
        if (!flat.All(double.IsFinite)) throw new ArgumentException("A corner is a point of the plane; some of these numbers are not finite.", nameof(corners));
        return new(flat.Chunk(2).Select(p => (Rational.FromDouble(p[0]), Rational.FromDouble(p[1]))));
    }

    /// <summary>The corners, in order.</summary>
    public IReadOnlyList<(Rational X, Rational Y)> Corners => corners;

    /// <summary>The Lebesgue measure, by the shoelace formula: |sum of x_i y_(i+1) - x_(i+1) y_i| / 2.</summary>
    public Rational Area => Rational.Abs(Rational.Sum(Enumerable.Range(0, corners.Length).Select(i => Cross(Corner(i), Corner(i + 1))))) / 2;

    /// <summary>T P + t for the matrix T = (a, b; c, d): its area is |ad - bc| times as large. A singular T flattens it.</summary>
    /// <exception cref="ArgumentException">A number is infinite.</exception>
    public Polygon Map(Rational a, Rational b, Rational c, Rational d, Rational shiftX = default, Rational shiftY = default) =>
        new[] { a, b, c, d, shiftX, shiftY }.All(number => number.IsFinite)
            ? new(Array.ConvertAll(corners, p => (a * p.X + b * p.Y + shiftX, c * p.X + d * p.Y + shiftY)))
            : throw new ArgumentException($"A linear map has finite numbers; they were {a}, {b}, {c}, {d}, {shiftX} and {shiftY}.", nameof(a));

    private (Rational X, Rational Y) Corner(int i) => corners[i % corners.Length];

    // From left to right: an edge can meet those that begin before it ends.
    private IEnumerable<(int, int)> Meetings()
    {
        (int Edge, Rational Low, Rational High)[] edges = [.. Enumerable.Range(0, corners.Length)
            .Select(i => (i, Rational.Min(Corner(i).X, Corner(i + 1).X), Rational.Max(Corner(i).X, Corner(i + 1).X))).OrderBy(edge => edge.Item2)];
        return from k in Enumerable.Range(0, edges.Length)
               from other in edges.Skip(k + 1).TakeWhile(other => other.Low <= edges[k].High)
               where Meet(edges[k].Edge, other.Edge)
               select (Math.Min(edges[k].Edge, other.Edge), Math.Max(edges[k].Edge, other.Edge));
    }

    private bool Meet(int i, int j) =>
        (Side(i, j) * Side(i, j + 1) < 0 && Side(j, i) * Side(j, i + 1) < 0) || Holds(i, j) || Holds(i, j + 1) || Holds(j, i) || Holds(j, i + 1);

    // Whether a corner that is no end of an edge lies on it.
    private bool Holds(int edge, int corner)
    {
        var (from, to, at) = (Corner(edge), Corner(edge + 1), Corner(corner));
        return corner % corners.Length != edge && corner % corners.Length != (edge + 1) % corners.Length && Side(edge, corner) == 0
            && (from.X - at.X) * (to.X - at.X) + (from.Y - at.Y) * (to.Y - at.Y) <= 0;
    }

    // On which side of an edge a corner lies.
    private int Side(int edge, int corner)
    {
        var (from, to, at) = (Corner(edge), Corner(edge + 1), Corner(corner));
        return Cross((to.X - from.X, to.Y - from.Y), (at.X - from.X, at.Y - from.Y)).Sign;
    }

    private static Rational Cross((Rational X, Rational Y) p, (Rational X, Rational Y) q) => p.X * q.Y - q.X * p.Y;
}
