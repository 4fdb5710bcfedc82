using System.Collections;
using System.Numerics;

namespace FlowKit.Measures;

/// <summary>A set of points of the finite space S = {0, ..., n - 1}, as a bit mask.</summary>
/// <example><code>
/// using FlowKit.Measures;
///
/// var a = FiniteSet.Of(4, 0, 1);
/// var b = FiniteSet.Of(4, 1, 2);
/// Console.WriteLine($"{a | b}, {a &amp; b}, {~a}");  // => {0, 1, 2}, {1}, {2, 3}
/// Console.WriteLine(~(a | b) == (~a &amp; ~b));      // => True
/// Console.WriteLine(FiniteSet.All(4).Count());   // => 16
/// </code></example>
public readonly record struct FiniteSet : IEnumerable<int>
{
    /// <summary>The largest space, 64 points.</summary>
    public const int MaxPoints = 64;

    private readonly ulong bits;

    internal FiniteSet(int points, ulong bits) => (Points, this.bits) = (points, bits);

    /// <summary>Points of the space, n.</summary>
    public int Points { get; }

    /// <summary>The points of the set, in a space of n.</summary>
    /// <param name="points">n, 1 to 64.</param>
    /// <param name="members">Each in 0..n-1.</param>
    /// <exception cref="ArgumentException">A member is not a point of the space.</exception>
    public static FiniteSet Of(int points, params IEnumerable<int> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        CheckSpace(points);
        ulong bits = 0;
        foreach (int member in members)
        {
            if (member < 0 || member >= points)
                throw new ArgumentException($"A set of the space {{0..{points - 1}}} contains points of that space; {member} is not one of them.", nameof(members));
            bits |= 1UL << member;
        }
        return new(points, bits);
    }

    /// <summary>The set without points.</summary>
    public static FiniteSet Empty(int points) => Of(points);

    /// <summary>The space S itself.</summary>
    public static FiniteSet Whole(int points) => ~Empty(points);

    /// <summary>Every subset of the space, 2^n.</summary>
    /// <param name="points">n, 1 to 20.</param>
    public static IEnumerable<FiniteSet> All(int points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(points, 20);
        return Enumerable.Range(0, 1 << points).Select(bits => new FiniteSet(points, (ulong)bits));
    }

    /// <summary>How many points.</summary>
    public int Count => BitOperations.PopCount(bits);

    /// <summary>Whether there is no point.</summary>
    public bool IsEmpty => bits == 0;

    /// <summary>Whether x is a point of the set.</summary>
    public bool Contains(int x) => x >= 0 && x < Points && (bits >> x & 1) != 0;

    /// <summary>Whether every point is one of the other set's.</summary>
    public bool IsSubsetOf(FiniteSet other) => (this - other).IsEmpty;

    /// <summary>Union.</summary>
    public static FiniteSet operator |(FiniteSet a, FiniteSet b) => new(Common(a, b), a.bits | b.bits);

    /// <summary>Intersection.</summary>
    public static FiniteSet operator &(FiniteSet a, FiniteSet b) => new(Common(a, b), a.bits & b.bits);

    /// <summary>Symmetric difference: the points of exactly one.</summary>
    public static FiniteSet operator ^(FiniteSet a, FiniteSet b) => new(Common(a, b), a.bits ^ b.bits);

    /// <summary>Difference.</summary>
    public static FiniteSet operator -(FiniteSet a, FiniteSet b) => new(Common(a, b), a.bits & ~b.bits);

    /// <summary>Complement.</summary>
    public static FiniteSet operator ~(FiniteSet a) => new(a.Points, ~a.bits & (ulong)((UInt128.One << a.Points) - UInt128.One));

    /// <summary>{0, 2}.</summary>
    public override string ToString() => $"{{{string.Join(", ", this)}}}";

    /// <summary>The points, ascending.</summary>
    public IEnumerator<int> GetEnumerator()
    {
        for (ulong left = bits; left != 0; left &= left - 1) yield return BitOperations.TrailingZeroCount(left);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static void CheckSpace(int points)
    {
        if (points is < 1 or > MaxPoints) throw new ArgumentException($"A finite space has 1 to {MaxPoints} points; it was to have {points}.", nameof(points));
    }

    internal static int CheckPoint(int points, int point) => point >= 0 && point < points
        ? point
        : throw new ArgumentException($"The space is {{0..{points - 1}}}; {point} is no point of it.", nameof(point));

    private static int Common(FiniteSet a, FiniteSet b) => a.Points == b.Points
        ? a.Points
        : throw new ArgumentException($"Sets are combined within one space; {a} lies in one of {a.Points} points and {b} in one of {b.Points}.", nameof(b));
}
