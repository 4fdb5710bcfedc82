using FlowKit.Measures;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

/// <summary>Pictures of maps between finite spaces, and of cells that a map of the plane stretches.</summary>
public class MeasureFiguresTests
{
    private static readonly SigmaAlgebra Four = SigmaAlgebra.Discrete(4), Two = SigmaAlgebra.Discrete(2);

    private static (Tensor, Tensor) Square(Tensor p) => (p.square(), (p * 2).log().sum(dim: 1));       // of the positive quadrant

    [Fact]
    public void Cells_show_the_stretch_at_their_middles_before_and_after()
    {
        var figure = Figures.Stretch(Square, x: (0, 1), y: (1, 3), columns: 2, rows: 1, dtype: ScalarType.Float64);
        var (before, after) = (Assert.IsType<Points>(figure.Panels[0].Layers[1]), Assert.IsType<Points>(figure.Panels[1].Layers[1]));
        Assert.Equal([0.25, 0.75], before.X);
        Assert.Equal([2, 2], before.Y);
        Assert.Equal([0.0625, 0.5625], after.X);
        Assert.Equal([4, 4], after.Y);
        Assert.Equal([2, 6], before.Values!.Select(value => Math.Round(value, 12)));               // |det J| = 4xy
        Assert.Equal(before.Values, after.Values);
    }

    [Fact]
    public void The_lines_of_a_bent_grid_follow_the_map()
    {
        var grid = Assert.IsType<GridLines>(Figures.Stretch(Square, (0, 1), (1, 3), columns: 2, rows: 1, dtype: ScalarType.Float64).Panels[1].Layers[0]);
        Assert.Equal((9, 17), (grid.X.GetLength(0), grid.X.GetLength(1)));
        Assert.Equal((0, 1), (grid.X[0, 0], grid.Y[0, 0]));
        Assert.Equal((1, 9), (grid.X[8, 16], grid.Y[8, 16]));
        Assert.Equal((0.25, 9), (grid.X[8, 8], grid.Y[8, 8]));
        Assert.Equal((8, 8), (grid.EveryRow, grid.EveryColumn));
    }

    [Fact]
    public void A_map_of_cells_that_returns_something_else_is_refused()
    {
        Assert.Contains("(153, 2)", Assert.Throws<ArgumentException>("map", () => Figures.Stretch(p => (p.sum(dim: 1), zeros(1)), (0, 1), (1, 3), 2, 1)).Message);
        Assert.Contains("(153)", Assert.Throws<ArgumentException>("map", () => Figures.Stretch(p => (p, p), (0, 1), (1, 3), 2, 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => Figures.Stretch(Square, (0, 1), (0, 1), rows: 0));
    }

    [Fact]
    public void Cells_leave_no_tensor()
    {
        using var scope = NewDisposeScope();
        long before = scope.DisposablesCount;
        Figures.Stretch(Square, (0, 1), (1, 3));
        Assert.Equal(before, scope.DisposablesCount);
    }

    [Fact]
    public void A_map_carries_masses_to_the_atoms_of_the_target()
    {
        var figure = Figures.Atoms(new(2, 0, 1, 0, 1), Four, Two, measure: PositiveMeasure.OnPoints(1, 2, 3, Rational.Infinity));
        var words = figure.Panels[0].Layers.OfType<Labels>().ToArray();
        Assert.Equal([["0", "1", "2", "3"], ["0", "1"], ["1", "2", "3", "inf"], ["4", "inf"]], words.Select(labels => labels.Texts));
        Assert.NotEmpty(figure.ToPng());
    }

    [Fact]
    public void A_point_has_the_color_of_its_value_and_each_atom_a_box()
    {
        var layers = Figures.Atoms(new(3, 0, 1, 2, 0), SigmaAlgebra.Generate(4, FiniteSet.Of(4, 0, 3)), SigmaAlgebra.Generate(3, FiniteSet.Of(3, 0))).Panels[0].Layers;
        var dots = layers.OfType<Points>().ToArray();
        Assert.Equal([2, 1, 2, 2], dots.Select(one => one.X.Count));                       // {0, 3} and its value {0}, {1, 2} and its values {1, 2}
        Assert.Equal((dots[0].Color, dots[2].Color), (dots[1].Color, dots[3].Color));
        Assert.NotEqual(dots[0].Color, dots[2].Color);
        Assert.Equal([2, 2], layers.OfType<Boxes>().Select(boxes => boxes.X.Count));
        Assert.Equal([dots[0].Color, dots[2].Color], layers.OfType<Arrows>().Select(arrows => arrows.Color));
    }

    [Fact]
    public void A_map_that_is_not_measurable_is_drawn_without_masses()
    {
        var coarse = SigmaAlgebra.Trivial(4);
        Assert.Equal(2, Figures.Atoms(new(2, 0, 1, 0, 1), coarse, Two, measure: PositiveMeasure.Counting(coarse)).Panels[0].Layers.OfType<Labels>().Count());
    }

    [Fact]
    public void Algebras_and_measures_of_other_spaces_are_refused()
    {
        FiniteMap parity = new(2, 0, 1, 0, 1);
        Assert.Contains("4 points", Assert.Throws<ArgumentException>("source", () => Figures.Atoms(parity, Two, Two)).Message);
        Assert.Contains("2 points", Assert.Throws<ArgumentException>("target", () => Figures.Atoms(parity, Four, Four)).Message);
        Assert.Throws<ArgumentException>("measure", () => Figures.Atoms(parity, Four, Two, measure: PositiveMeasure.Counting(SigmaAlgebra.Trivial(4))));
    }
}
