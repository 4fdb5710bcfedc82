using FlowKit.Inference;
using FlowKit.Integration;

namespace FlowKit.Tests.Inference;

public class ModeMassesTests
{
    [Fact]
    public void Draws_belong_to_the_nearest_center_around_the_circle()
    {
        var draws = tensor(new[] { 0.1, 6.2, 3.0, 3.3, 3.2 + 4 * Math.PI }, [5, 1]);
        var masses = ModeMasses.OnTorus(draws, tensor(new[,] { { 0.0 }, { 3.14 } }));
        Assert.Equal([0.4, 0.6], masses.Masses);
        Assert.Equal(Math.Sqrt(0.4 * 0.6 / 5), masses.StandardErrors[0], 1e-12);
        Assert.Equal(5, masses.Draws);
        Assert.Equal("0.400, 0.600", masses.ToString());
    }

    // Octants: the mass of the sphere nearest to each of the six poles is a sixth; of exp(k x) between (1, 0, 0) and (-1, 0, 0), e^k - 1 to 1 - e^-k.
    [Fact]
    public void A_density_is_shared_as_its_integrals_over_the_regions_are()
    {
        using var sphere = QuadratureRule.Sphere(128);
        var poles = cat([eye(3, dtype: float64), -eye(3, dtype: float64)], dim: 0);
        foreach (double mass in ModeMasses.OnSphere(x => x.select(1, 0) * 0 + 700, sphere, poles).Masses) Assert.Equal(1.0 / 6, mass, 2e-3);

        var halves = ModeMasses.OnSphere(x => x.select(1, 0) * 2, sphere, poles.index_select(0, tensor(new[] { 0L, 3 })));
        double toward = Math.Exp(2) - 1, away = 1 - Math.Exp(-2);
        Assert.Equal(toward / (toward + away), halves.Masses[0], 5e-3);
        Assert.Null(halves.Draws);
        Assert.Equal([0.0, 0], halves.StandardErrors);
    }

    [Fact]
    public void A_mode_is_dropped_where_its_mass_is_surely_too_small()
    {
        var means = tensor(new[,] { { 0.0 }, { 2 }, { 4 } });
        ModeMasses Of(int first, int second, int third) => ModeMasses.OnTorus(cat([full([first, 1], 0.0), full([second, 1], 2.0), full([third, 1], 4.0)], dim: 0), means);
        Assert.Equal([2], Of(5000, 5000, 0).Dropped());
        Assert.Equal([2], Of(5000, 5000, 300).Dropped());
        Assert.Empty(Of(5000, 5000, 900).Dropped());
        Assert.Equal([2], Of(5000, 5000, 900).Dropped(share: 0.5));
        Assert.Empty(Of(5000, 5000, 300).Dropped(expected: [0.48, 0.48, 0.04]));
        Assert.Empty(Of(4, 4, 0).Dropped());                                               // too few draws to tell
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        using var sphere = QuadratureRule.Sphere(8);
        var means = eye(3);
        Assert.Throws<ArgumentException>("draws", () => ModeMasses.OnSphere(ones(5, 2), means));
        Assert.Throws<ArgumentException>("draws", () => ModeMasses.OnSphere(ones(5, 3) / 0, means));
        Assert.Throws<ArgumentException>("draws", () => ModeMasses.OnTorus(ones(0, 3), means));
        Assert.Throws<ArgumentException>("means", () => ModeMasses.OnTorus(ones(5, 3), ones(3)));
        Assert.Throws<ArgumentException>("means", () => ModeMasses.OnSphere(x => x.sum(1), sphere, eye(4)));
        Assert.Throws<ArgumentException>("logDensity", () => ModeMasses.OnSphere(x => x.sum(1) / 0, sphere, means));
        Assert.Throws<ArgumentException>("expected", () => ModeMasses.OnSphere(ones(5, 3), means).Dropped([1]));
        Assert.Throws<ArgumentOutOfRangeException>("share", () => ModeMasses.OnSphere(ones(5, 3), means).Dropped(share: 0));
    }
}
