using CsCheck;
using FlowKit.Measures;
using static FlowKit.Tests.Measures.Spaces;

namespace FlowKit.Tests.Measures;

/// <summary>Definitions 1.4 to 1.6: pre-images, images, measurable maps.</summary>
public class MeasurableMapTests
{
    private static Gen<(FiniteMap F, FiniteSet A, FiniteSet B)> MapWithTargetSets =>
        Gen.Select(Points, Points).SelectMany((n, m) => Gen.Select(Map(n, m), Set(m), Set(m)));

    private static Gen<(FiniteMap F, FiniteSet A, FiniteSet B)> MapWithSourceSets =>
        Gen.Select(Points, Points).SelectMany((n, m) => Gen.Select(Map(n, m), Set(n), Set(n)));

    [Fact]
    public void Pre_images_commute_with_union_intersection_difference_and_complement() =>
        MapWithTargetSets.Sample((f, a, b) =>
        {
            Assert.Equal(f.Preimage(a) | f.Preimage(b), f.Preimage(a | b));
            Assert.Equal(f.Preimage(a) & f.Preimage(b), f.Preimage(a & b));
            Assert.Equal(f.Preimage(a) - f.Preimage(b), f.Preimage(a - b));
            Assert.Equal(~f.Preimage(a), f.Preimage(~a));
        });

    [Fact]
    public void Images_commute_with_unions_and_for_intersections_one_inclusion_holds() =>
        MapWithSourceSets.Sample((f, a, b) =>
        {
            Assert.Equal(f.Image(a) | f.Image(b), f.Image(a | b));
            Assert.True(f.Image(a & b).IsSubsetOf(f.Image(a) & f.Image(b)));
            Assert.True(a.IsSubsetOf(f.Preimage(f.Image(a))));
        });

    [Fact]
    public void The_image_of_an_intersection_can_be_smaller_where_a_map_is_not_injective()
    {
        FiniteMap f = new(1, 0, 0);
        var (a, b) = (FiniteSet.Of(2, 0), FiniteSet.Of(2, 1));
        Assert.True(f.Image(a & b).IsEmpty);
        Assert.Equal(FiniteSet.Whole(1), f.Image(a) & f.Image(b));
        Assert.NotEqual(~f.Image(a), f.Image(~a));
    }

    [Fact]
    public void A_map_is_measurable_by_the_atoms_alone_if_and_only_if_by_every_set() =>
        Gen.Select(Points, Points).SelectMany((n, m) => Gen.Select(Map(n, m), Algebra(n), Algebra(m))).Sample((f, source, target) =>
            Assert.Equal(target.Sets.All(set => source.Contains(f.Preimage(set))), f.IsMeasurable(source, target)));

    [Fact]
    public void The_generated_algebra_is_the_smallest_that_makes_a_map_measurable() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4]).SelectMany((n, m) => Gen.Select(Map(n, m), Algebra(m))).Sample((f, target) =>
        {
            var smallest = SigmaAlgebra.All(f.Points).Where(source => f.IsMeasurable(source, target)).Aggregate((a, b) => a.Intersect(b));
            Assert.Equal(smallest, f.GeneratedAlgebra(target));
        });

    [Fact]
    public void Compositions_of_measurable_maps_are_measurable() =>
        Gen.Select(Points, Points, Points).SelectMany((n, m, k) => Gen.Select(Map(n, m), Map(m, k), Algebra(k))).Sample((f, g, target) =>
        {
            var middle = g.GeneratedAlgebra(target);
            Assert.True(f.Then(g).IsMeasurable(f.GeneratedAlgebra(middle), target));
            Assert.Equal(f.GeneratedAlgebra(middle), f.Then(g).GeneratedAlgebra(target));
        });

    [Fact]
    public void A_map_that_is_not_measurable_is_refused_with_the_pre_image_that_is_missing()
    {
        FiniteMap f = new(2, 0, 1, 1);
        var coarse = SigmaAlgebra.Generate(3, FiniteSet.Of(3, 0, 1));
        Refused<ArgumentException>("the pre-image of {0} is {0}", () => PositiveMeasure.Counting(coarse).PushForward(f, SigmaAlgebra.Discrete(2)));
    }

    [Fact]
    public void Values_and_sets_outside_the_spaces_are_refused()
    {
        Refused<ArgumentException>("3 lies outside", () => _ = new FiniteMap(3, 0, 3));
        Refused<ArgumentException>("image is of a set of the source's 2", () => new FiniteMap(3, 0, 1).Image(FiniteSet.Of(3, 0)));
        Refused<ArgumentException>("pre-image is of a set of the target's 3", () => new FiniteMap(3, 0, 1).Preimage(FiniteSet.Of(2, 0)));
        Refused<ArgumentException>("2 is no point", () => _ = new FiniteMap(3, 0, 1)[2]);
        Refused<ArgumentException>("-1 is no point", () => _ = new FiniteFunction(0, 1)[-1]);
        Refused<ArgumentException>("composition", () => new FiniteMap(3, 0, 1).Then(new FiniteMap(3, 0, 1)));
    }
}
