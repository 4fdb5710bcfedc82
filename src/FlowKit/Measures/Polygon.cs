namespace FlowKit.Measures;

/// <summary>A simple polygon of the plane with exact corners.</summary>
public sealed class Polygon
{
    private readonly (Rational X, Rational Y)[] corners;

    /// <summary>The polygon through the corners, in order; the last is joined to the first.</summary>
    /// <exception cref="ArgumentException">There are fewer than three corners, one is infinite, or two edges cross.</exception>
    public Polygon(params IEnumerable<(Rational X, Rational Y)> corners)
    {
        ArgumentNullException.ThrowIfNull(corners);
        this.corners = [.. corners];
        if (this.corners.Length < 3) throw new ArgumentException($"A polygon has at least 3 corners; it had {this.corners.Length}.", nameof(corners));
        foreach (var corner in this.corners.Where(corner => !corner.X.IsFinite || !corner.Y.IsFinite))
            throw new ArgumentException($"A corner is a point of the plane; ({corner.X}, {corner.Y}) is none.", nameof(corners));
        foreach (var (i, j) in Crossings())
            throw new ArgumentException($"A simple polygon does not cross itself; its edges {i} and {j} do.", nameof(corners));
    }

    /// <summary>The corners, in order.</summary>
    public IReadOnlyList<(Rational X, Rational Y)> Corners => corners;

    /// <summary>The Lebesgue measure, by the shoelace formula: |sum of x_i y_(i+1) - x_(i+1) y_i| / 2.</summary>
    public Rational Area => Rational.Abs(Rational.Sum(Enumerable.Range(0, corners.Length).Select(i => Cross(Corner(i), Corner(i + 1))))) / 2;

    /// <summary>T P + t for the matrix T = (a, b; c, d): its area is |ad - bc| times as large.</summary>
    public Polygon Map(Rational a, Rational b, Rational c, Rational d, Rational shiftX = default, Rational shiftY = default) =>
        new(corners.Select(p => (a * p.X + b * p.Y + shiftX, c * p.X + d * p.Y + shiftY)));

    private (Rational X, Rational Y) Corner(int i) => corners[i % corners.Length];

    private IEnumerable<(int, int)> Crossings() =>
        from i in Enumerable.Range(0, corners.Length)
        from j in Enumerable.Range(i + 1, corners.Length - i - 1)
        where Side(i, j) * Side(i, j + 1) < 0 && Side(j, i) * Side(j, i + 1) < 0
        select (i, j);

    // On which side of an edge a corner lies.
    private int Side(int edge, int corner)
    {
        var (from, to, at) = (Corner(edge), Corner(edge + 1), Corner(corner));
        return Cross((to.X - from.X, to.Y - from.Y), (at.X - from.X, at.Y - from.Y)).Sign;
    }

    private static Rational Cross((Rational X, Rational Y) p, (Rational X, Rational Y) q) => p.X * q.Y - q.X * p.Y;
}
