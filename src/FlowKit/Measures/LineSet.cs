namespace FlowKit.Measures;

/// <summary>A finite union of intervals and points of the line, exactly. These sets form an algebra; their countable unions generate the Borel sets.</summary>
/// <example><code>
/// using FlowKit.Measures;
///
/// var set = LineSet.LeftOpen(0, 1) | LineSet.Point(2) | LineSet.Open(3, 4);
/// Console.WriteLine(set);                                // => (0, 1] ∪ {2} ∪ (3, 4)
/// Console.WriteLine(set.Length);                         // => 2
/// Console.WriteLine(set &amp; ~LineSet.Closed(1, 3));        // => (0, 1) ∪ (3, 4)
/// Console.WriteLine(set.Scale(-2).Translate(5).Length);  // => 4
/// </code></example>
public sealed class LineSet : IEquatable<LineSet>
{
    private readonly Cut[] cuts;                              // ascending; membership changes at each

    private LineSet(IEnumerable<Cut> cuts) => this.cuts = [.. cuts];

    /// <summary>No point.</summary>
    public static LineSet Empty { get; } = new([]);

    /// <summary>Every point.</summary>
    public static LineSet Line { get; } = Open(-Rational.Infinity, Rational.Infinity);

    /// <summary>(low, high).</summary>
    public static LineSet Open(Rational low, Rational high) => Between(new(low, After: true), new(high, After: false));

    /// <summary>[low, high].</summary>
    public static LineSet Closed(Rational low, Rational high) => Between(new(low, After: false), new(high, After: true));

    /// <summary>(low, high].</summary>
    public static LineSet LeftOpen(Rational low, Rational high) => Between(new(low, After: true), new(high, After: true));

    /// <summary>[low, high).</summary>
    public static LineSet RightOpen(Rational low, Rational high) => Between(new(low, After: false), new(high, After: false));

    /// <summary>(-inf, high].</summary>
    public static LineSet AtMost(Rational high) => LeftOpen(-Rational.Infinity, high);

    /// <summary>{x}.</summary>
    public static LineSet Point(Rational x) => Closed(x, x);

    /// <summary>Whether there is no point.</summary>
    public bool IsEmpty => cuts.Length == 0;

    /// <summary>The Lebesgue measure lambda(A): lengths of intervals; a point has none.</summary>
    public Rational Length => Rational.Sum(Pieces.Select(piece => piece.High - piece.Low));

    /// <summary>The disjoint intervals, ascending. A point is an interval whose ends agree.</summary>
    public IEnumerable<(Rational Low, bool HasLow, Rational High, bool HasHigh)> Pieces =>
        cuts.Chunk(2).Select(pair => (pair[0].At, !pair[0].After, pair[1].At, pair[1].After));

    /// <summary>Whether x is a point of the set.</summary>
    public bool Contains(Rational x) => cuts.Count(cut => cut.CompareTo(new(x, After: false)) <= 0) % 2 == 1;

    /// <summary>Whether every point is one of the other set's.</summary>
    public bool IsSubsetOf(LineSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (this - other).IsEmpty;
    }

    /// <summary>A + t. Lebesgue measure does not change.</summary>
    public LineSet Translate(Rational t) => t.IsFinite
        ? new(cuts.Select(cut => cut with { At = cut.At + t }))
        : throw new ArgumentException($"A translation is by a finite distance; it was {t}.", nameof(t));

    /// <summary>c A. Lebesgue measure is multiplied by |c|.</summary>
    /// <param name="c">Finite, not 0.</param>
    public LineSet Scale(Rational c)
    {
        if (!c.IsFinite || c.Sign == 0) throw new ArgumentException($"A scaling of the line is by a finite factor other than 0; it was {c}.", nameof(c));
        return new(c.Sign > 0 ? cuts.Select(cut => cut with { At = c * cut.At }) : cuts.Reverse().Select(cut => new Cut(c * cut.At, !cut.After)));
    }

    /// <summary>Union.</summary>
    public static LineSet operator |(LineSet a, LineSet b) => Combine(a, b, (a, b) => a || b);

    /// <summary>Intersection.</summary>
    public static LineSet operator &(LineSet a, LineSet b) => Combine(a, b, (a, b) => a && b);

    /// <summary>Symmetric difference.</summary>
    public static LineSet operator ^(LineSet a, LineSet b) => Combine(a, b, (a, b) => a != b);

    /// <summary>Difference.</summary>
    public static LineSet operator -(LineSet a, LineSet b) => Combine(a, b, (a, b) => a && !b);

    /// <summary>Complement.</summary>
    public static LineSet operator ~(LineSet a)
    {
        ArgumentNullException.ThrowIfNull(a);
        return Line - a;
    }

    /// <inheritdoc/>
    public bool Equals(LineSet? other) => other is not null && cuts.AsSpan().SequenceEqual(other.cuts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LineSet);

    /// <inheritdoc/>
    public override int GetHashCode() => cuts.Aggregate(0, HashCode.Combine);

    /// <summary>(0, 1] ∪ {2}.</summary>
    public override string ToString() => IsEmpty ? "∅" : string.Join(" ∪ ", Pieces.Select(piece =>
        piece.Low == piece.High ? $"{{{piece.Low}}}" : $"{(piece.HasLow ? "[" : "(")}{piece.Low}, {piece.High}{(piece.HasHigh ? "]" : ")")}"));

    private static LineSet Between(Cut low, Cut high)
    {
        if (low.At > high.At) throw new ArgumentException($"An interval has its low end below its high end; they were {low.At} and {high.At}.", nameof(low));
        if ((!low.At.IsFinite && !low.After) || (!high.At.IsFinite && high.After) || low.At == Rational.Infinity || high.At == -Rational.Infinity)
            throw new ArgumentException($"-inf and inf are no points of the line, so that an interval is open there; the ends were {low.At} and {high.At}.", nameof(low));
        return new(low.CompareTo(high) < 0 ? [low, high] : []);
    }

    private static LineSet Combine(LineSet a, LineSet b, Func<bool, bool, bool> member)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var result = new List<Cut>();
        int i = 0, j = 0;
        while (i < a.cuts.Length || j < b.cuts.Length)
        {
            int order = i == a.cuts.Length ? 1 : j == b.cuts.Length ? -1 : a.cuts[i].CompareTo(b.cuts[j]);
            var at = order <= 0 ? a.cuts[i] : b.cuts[j];
            if (order <= 0) i++;
            if (order >= 0) j++;
            if (member(i % 2 == 1, j % 2 == 1) != (result.Count % 2 == 1)) result.Add(at);
        }
        return new(result);
    }
}
