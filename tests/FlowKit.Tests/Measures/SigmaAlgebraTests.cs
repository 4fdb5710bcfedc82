using CsCheck;
using FlowKit.Measures;
using static FlowKit.Tests.Measures.Spaces;

namespace FlowKit.Tests.Measures;

/// <summary>Definitions 1.1 and 1.2: sigma-algebras and the one that sets generate.</summary>
public class SigmaAlgebraTests
{
    [Theory, InlineData(1, 1), InlineData(2, 2), InlineData(3, 5), InlineData(4, 15), InlineData(5, 52), InlineData(8, 4140)]
    public void The_sigma_algebras_on_n_points_are_as_many_as_the_Bell_number(int points, int bell) =>
        Assert.Equal(bell, SigmaAlgebra.All(points).Distinct().Count());

    [Theory, InlineData(1, 1), InlineData(2, 2), InlineData(3, 5), InlineData(4, 15)]
    public void Trying_every_family_of_sets_against_the_axioms_finds_as_many(int points, int bell)
    {
        FiniteSet[] subsets = [.. FiniteSet.All(points)];
        int found = 0;
        for (int chosen = 0; chosen < 1 << subsets.Length; chosen++)
        {
            HashSet<FiniteSet> family = [.. subsets.Where((_, i) => (chosen >> i & 1) != 0)];
            if (IsSigmaAlgebra(points, family)) found++;
        }
        Assert.Equal(bell, found);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Each_holds_S_and_the_empty_set_and_is_closed_under_complement_union_and_intersection(int points) =>
        Assert.All(SigmaAlgebra.All(points), algebra =>
        {
            HashSet<FiniteSet> sets = [.. algebra.Sets];
            Assert.Equal((int)algebra.Count, sets.Count);
            Assert.True(IsSigmaAlgebra(points, sets));
            Assert.Contains(FiniteSet.Empty(points), sets);
            Assert.All(sets, a => Assert.All(sets, b => Assert.Contains(a & b, sets)));
            Assert.Equal(algebra, SigmaAlgebra.FromSets(points, sets));
        });

    [Fact]
    public void The_generated_algebra_is_the_intersection_of_all_that_hold_the_generators() =>
        Gen.Int[1, 4].SelectMany(n => Set(n).List[0, 4]).Where(sets => sets.Count > 0).Sample(sets =>
        {
            int points = sets[0].Points;
            var smallest = SigmaAlgebra.All(points).Where(algebra => sets.All(algebra.Contains)).Aggregate((a, b) => a.Intersect(b));
            Assert.Equal(smallest, SigmaAlgebra.Generate(points, sets));
        });

    [Fact]
    public void Closing_the_generators_step_by_step_gives_the_same_sets_as_the_atoms() =>
        Points.SelectMany(n => Set(n).Array[1, 3]).Sample(sets =>
        {
            int points = sets[0].Points;
            HashSet<FiniteSet> closed = [FiniteSet.Whole(points), .. sets];
            for (int before = 0; before != closed.Count;)
            {
                before = closed.Count;
                FiniteSet[] now = [.. closed];
                foreach (var a in now) closed.UnionWith(now.Select(b => a | b).Append(~a));
            }
            Assert.True(closed.SetEquals(SigmaAlgebra.Generate(points, sets).Sets));
        }, iter: 100);

    [Fact]
    public void Atoms_divide_the_space_and_every_set_is_a_union_of_them() =>
        Points.SelectMany(Algebra).Sample(algebra =>
        {
            Assert.Equal(algebra.Points, algebra.Atoms.Sum(atom => atom.Count));
            Assert.Equal(FiniteSet.Whole(algebra.Points), algebra.Atoms.Aggregate((a, b) => a | b));
            Assert.All(algebra.Sets, set => Assert.All(algebra.Atoms, atom => Assert.True(atom.IsSubsetOf(set) || (atom & set).IsEmpty)));
        });

    [Fact]
    public void An_intersection_is_a_sigma_algebra_and_a_union_need_not_be()
    {
        var (a, b) = (SigmaAlgebra.Generate(3, FiniteSet.Of(3, 0)), SigmaAlgebra.Generate(3, FiniteSet.Of(3, 1)));
        Assert.Equal(SigmaAlgebra.Trivial(3), a.Intersect(b));
        Refused<ArgumentException>("closed under unions", () => SigmaAlgebra.FromSets(3, a.Sets.Concat(b.Sets)));
        Points.SelectMany(n => Gen.Select(Algebra(n), Algebra(n))).Sample((f, g) =>
            Assert.True(f.Intersect(g).Sets.ToHashSet().SetEquals(f.Sets.Intersect(g.Sets))));
    }

    [Fact]
    public void The_symmetric_difference_makes_the_sets_a_group() =>
        Points.SelectMany(n => Gen.Select(Set(n), Set(n), Set(n))).Sample((a, b, c) =>
        {
            Assert.Equal((a - b) | (b - a), a ^ b);
            Assert.Equal(a ^ (b ^ c), (a ^ b) ^ c);
            Assert.True((a ^ a).IsEmpty);
            Assert.Equal(a & b ^ a & c, a & (b ^ c));
        });

    [Fact]
    public void A_broken_axiom_is_named_with_a_witness()
    {
        var (zero, one) = (FiniteSet.Of(3, 0), FiniteSet.Of(3, 1));
        Refused<ArgumentException>("holds S", () => SigmaAlgebra.FromSets(3, FiniteSet.Empty(3)));
        Refused<ArgumentException>("closed under complements; {0}", () => SigmaAlgebra.FromSets(3, FiniteSet.Whole(3), FiniteSet.Empty(3), zero));
        Refused<ArgumentException>("closed under unions; {0} and {1}", () => SigmaAlgebra.FromSets(3, FiniteSet.Whole(3), FiniteSet.Empty(3), zero, ~zero, one, ~one));
    }

    [Fact]
    public async Task All_subsets_of_sixteen_points_are_seen_to_be_a_sigma_algebra_without_trying_every_pair() =>
        Assert.Equal(SigmaAlgebra.Discrete(16), await InTime(() => SigmaAlgebra.FromSets(16, FiniteSet.All(16))));

    [Fact]
    public void The_set_of_no_space_has_no_points_in_its_complement() => Assert.True((~default(FiniteSet)).IsEmpty);

    [Fact]
    public void Sets_outside_the_space_are_refused()
    {
        Refused<ArgumentException>("5 is not one of them", () => FiniteSet.Of(3, 5));
        Refused<ArgumentException>("lies in a space of 4", () => SigmaAlgebra.Generate(3, FiniteSet.Of(4, 0)));
        Refused<ArgumentException>("lies in a space of 4", () => SigmaAlgebra.Discrete(3).Contains(FiniteSet.Of(4, 0)));
        Refused<ArgumentException>("within one space", () => _ = FiniteSet.Of(3, 0) | FiniteSet.Of(4, 0));
        Refused<ArgumentException>("1 to 64 points", () => SigmaAlgebra.Discrete(65));
        Refused<InvalidOperationException>("too many", () => SigmaAlgebra.Discrete(30).Sets.First());
    }

    private static bool IsSigmaAlgebra(int points, HashSet<FiniteSet> family) =>
        family.Contains(FiniteSet.Whole(points)) && family.All(a => family.Contains(~a) && family.All(b => family.Contains(a | b)));
}
