using CsCheck;
using FlowKit.Measures;
using static FlowKit.Tests.Measures.Spaces;

namespace FlowKit.Tests.Measures;

/// <summary>Definitions 1.3 and 1.12 to 1.14 on the line: intervals, their algebra, length.</summary>
public class LineSetTests
{
    private static readonly Rational Infinity = Rational.Infinity;

    private static Gen<LineSet> Interval => Gen.Select(Fraction, Fraction, Gen.Int[0, 4]).Select((a, b, kind) => (Rational.Min(a, b), Rational.Max(a, b), kind)).Select((low, high, kind) => kind switch
    {
        0 => LineSet.Open(low, high),
        1 => LineSet.Closed(low, high),
        2 => LineSet.LeftOpen(low, high),
        3 => LineSet.RightOpen(low, high),
        _ => LineSet.Point(low),
    });

    private static Gen<LineSet> Sets => Interval.Array[0, 4].Select(intervals => intervals.Aggregate(LineSet.Empty, (union, next) => union | next));

    [Fact]
    public void Membership_in_a_combination_is_the_combination_of_memberships() =>
        Gen.Select(Sets, Sets, Fraction).Sample((a, b, x) =>
        {
            Assert.Equal(a.Contains(x) || b.Contains(x), (a | b).Contains(x));
            Assert.Equal(a.Contains(x) && b.Contains(x), (a & b).Contains(x));
            Assert.Equal(a.Contains(x) != b.Contains(x), (a ^ b).Contains(x));
            Assert.Equal(a.Contains(x) && !b.Contains(x), (a - b).Contains(x));
            Assert.Equal(!a.Contains(x), (~a).Contains(x));
        });

    [Fact]
    public void Equal_sets_are_written_alike_however_they_were_made() =>
        Gen.Select(Sets, Sets).Sample((a, b) =>
        {
            Assert.Equal(~(a & b), ~a | ~b);
            Assert.Equal(a, ~~a);
            Assert.Equal((a | b) - b, a - b);
            Assert.Equal((a - b).GetHashCode(), (a & ~b).GetHashCode());
            Assert.Equal((a ^ b).IsEmpty, a.Equals(b));
        });

    [Fact]
    public void Length_is_additive() =>
        Gen.Select(Sets, Sets).Sample((a, b) => Assert.Equal(a.Length + b.Length, (a | b).Length + (a & b).Length));

    [Fact]
    public void Length_does_not_change_under_translation_and_is_multiplied_by_a_scale() =>
        Gen.Select(Sets, Fraction, Fraction.Where(c => c != 0), Fraction).Sample((a, t, c, x) =>
        {
            Assert.Equal(a.Length, a.Translate(t).Length);
            Assert.Equal(Rational.Abs(c) * a.Length, a.Scale(c).Length);
            Assert.Equal(a.Contains(x), a.Scale(c).Translate(t).Contains(c * x + t));
        });

    [Fact]
    public void Half_lines_open_and_closed_intervals_generate_each_other_on_a_grid()
    {
        // Points of the line between and on the nodes 1..3, told apart by the family's sets: the atoms of the algebra it generates.
        Rational[] nodes = [1, 2, 3], places = [.. Enumerable.Range(1, 7).Select(k => new Rational(k, 2))];
        var halfLines = Generated(nodes.SelectMany(b => (LineSet[])[LineSet.AtMost(b), LineSet.Open(-Infinity, b)]));
        var open = Generated(Pairs([-Infinity, .. nodes, Infinity]).Select(pair => LineSet.Open(pair.Low, pair.High)));
        var closed = Generated(Pairs([0, .. nodes, 4]).Select(pair => LineSet.Closed(pair.Low, pair.High)));
        Assert.Equal(SigmaAlgebra.Discrete(places.Length), halfLines);
        Assert.Equal(halfLines, open);
        Assert.Equal(halfLines, closed);

        // Only half-lines (-inf, b] with b a node: a node then shares its atom with the gap before it.
        Assert.Equal(4, Generated(nodes.Select(LineSet.AtMost)).Atoms.Count);

        SigmaAlgebra Generated(IEnumerable<LineSet> sets) => SigmaAlgebra.Generate(places.Length, sets.Select(set =>
            FiniteSet.Of(places.Length, Enumerable.Range(0, places.Length).Where(i => set.Contains(places[i])))));

        static IEnumerable<(Rational Low, Rational High)> Pairs(Rational[] ends) => from low in ends from high in ends where low < high select (low, high);
    }

    [Fact]
    public void A_closed_interval_is_the_limit_of_open_ones_and_an_open_one_of_closed()
    {
        LineSet open = LineSet.Open(0, 1), closed = LineSet.Closed(0, 1);
        for (int n = 2; n < 50; n++)
        {
            Rational e = new(1, n);
            var (around, within) = (LineSet.Open(-e, 1 + e), LineSet.Closed(e, 1 - e));
            Assert.True(closed.IsSubsetOf(around) && within.IsSubsetOf(open));
            Assert.Equal(2 * e, (around - closed).Length);
            Assert.Equal(2 * e, (open - within).Length);
        }
    }

    [Fact]
    public void A_countable_set_has_length_zero_as_it_is_covered_by_intervals_as_short_as_you_like()
    {
        Rational epsilon = new(1, 100);
        var cover = DirichletFunction.Cover(200, epsilon);
        Assert.All(DirichletFunction.Rationals().Take(200), fraction => Assert.True(cover.Contains(fraction)));
        Assert.True(cover.Length <= epsilon);
        Assert.Equal(200, DirichletFunction.Rationals().Take(200).Distinct().Count());
    }

    [Fact]
    public void The_line_has_infinite_length_and_prints_as_intervals()
    {
        Assert.Equal(Infinity, LineSet.Line.Length);
        Assert.Equal("(-inf, 0] ∪ {1} ∪ (2, 3)", (LineSet.AtMost(0) | LineSet.Point(1) | LineSet.Open(2, 3)).ToString());
        Assert.Equal("∅", LineSet.Open(1, 1).ToString());
    }

    [Fact]
    public void What_is_no_interval_or_map_of_the_line_is_refused()
    {
        Refused<ArgumentException>("low end below its high end", () => LineSet.Closed(1, 0));
        Refused<ArgumentException>("no points of the line", () => LineSet.Closed(-Infinity, 0));
        Refused<ArgumentException>("no points of the line", () => LineSet.Point(Infinity));
        Refused<ArgumentException>("other than 0", () => LineSet.Line.Scale(0));
        Refused<ArgumentException>("finite distance", () => LineSet.Line.Translate(Infinity));
    }
}
