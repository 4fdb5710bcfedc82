namespace FlowKit.Interactive;

/// <summary>Arrows from points: a vector field.</summary>
/// <example><code>
/// // A rotation's field at four points.
/// var arrows = new Arrows(x: [1, 0, -1, 0], y: [0, 1, 0, -1], u: [0, -0.5, 0, 0.5], v: [0.5, 0, -0.5, 0]);
/// new Figure("", [new Panel("rotation", [arrows]) { EqualAspect = true }])  // => Figure "rotation" x [-1.08, 1.08] y [-1.08, 1.08]: 4 arrows
/// </code></example>
public sealed record Arrows : Layer
{
    private const double Part = 0.3, Spread = 0.4;

    /// <summary>Arrows from (x[i], y[i]) to (x[i] + u[i], y[i] + v[i]).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public Arrows(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<double> u, IReadOnlyList<double> v)
    {
        RequireSame(x.Count, y.Count, nameof(x), nameof(y));
        RequireSame(x.Count, u.Count, nameof(x), nameof(u));
        RequireSame(x.Count, v.Count, nameof(x), nameof(v));
        (X, Y, U, V) = (x, y, u, v);
    }

    /// <summary>Abscissas of the tails.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>Ordinates of the tails.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>How far right each goes.</summary>
    public IReadOnlyList<double> U { get; }

    /// <summary>How far up each goes.</summary>
    public IReadOnlyList<double> V { get; }

    /// <summary>A color as #rrggbb; null: the next of the palette.</summary>
    public string? Color { get; init; }

    /// <summary>How long the heads are, in units of the axes, >= 0; 0 leaves lines without heads. Null: 0.3 of each arrow.</summary>
    public double? Head
    {
        get;
        init
        {
            if (value is not (null or (>= 0 and < double.PositiveInfinity))) throw new ArgumentException(FormattableString.Invariant($"A head's length is finite and not negative; it was {value}."), nameof(Head));
            field = value;
        }
    }

    internal override Interval? ExtentX => Interval.Around([.. X, .. X.Zip(U, (x, u) => x + u)]);

    internal override Interval? ExtentY => Interval.Around([.. Y, .. Y.Zip(V, (y, v) => y + v)]);

    /// <summary>Tail, tip, and both ends of the head, each arrow in one stroke.</summary>
    internal IEnumerable<(double[] X, double[] Y)> Lines =>
        from i in Enumerable.Range(0, X.Count)
        let tip = (X: X[i] + U[i], Y: Y[i] + V[i])
        where double.IsFinite(tip.X) && double.IsFinite(tip.Y)
        let head = Head is { } length ? length / Math.Max(Math.Sqrt(U[i] * U[i] + V[i] * V[i]), double.Epsilon) : Part
        let left = (X: tip.X - head * (U[i] - Spread * V[i]), Y: tip.Y - head * (V[i] + Spread * U[i]))
        let right = (X: tip.X - head * (U[i] + Spread * V[i]), Y: tip.Y - head * (V[i] - Spread * U[i]))
        select (new[] { X[i], tip.X, left.X, tip.X, right.X }, new[] { Y[i], tip.Y, left.Y, tip.Y, right.Y });

    internal override string Describe() => $"{X.Count} arrows";
}
