using FlowKit.Training;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

public class FiguresTests
{
    private static Tensor Normal(Tensor x) => -x.pow(2).sum(1) / 2 - Math.Log(2 * Math.PI);

    [Fact]
    public void The_mass_of_a_region_is_the_sum_over_its_cells_and_logarithms_end_where_they_are_told()
    {
        using var scope = NewDisposeScope();
        var normal = new FlowKit.Distributions.StandardNormal(2);
        var grid = DensityGrid.Evaluate(x => normal.LogProb(x), (-6, 6), resolution: 300);
        Assert.Equal(1 - Math.Exp(-0.5), grid.MassWhere((x, y) => x * x + y * y < 1), 3e-3);       // of the unit disc; its edge cuts cells
        Assert.Equal(grid.Mass, grid.MassWhere((_, _) => true), 1e-9);

        var logs = grid.Log10(least: -4);
        Assert.Equal(Math.Log10(grid.Values[150, 150]), logs.Values[150, 150], 1e-12);
        Assert.Equal(-4, logs.Values[0, 0]);
        Assert.Equal(grid.Mass, logs.Mass);
    }

    [Fact]
    public void A_standard_normal_has_mass_one()
    {
        var grid = DensityGrid.Evaluate(Normal, (-6, 6), resolution: 200, dtype: ScalarType.Float64);
        Assert.Equal(1, grid.Mass, 1e-6);
        Assert.Equal(1 / (2 * Math.PI), grid.Values.Cast<double>().Max(), 1e-3);
    }

    [Fact]
    public void Rows_are_y_and_columns_are_x()
    {
        var grid = DensityGrid.Evaluate(x => x.select(1, 0).log(), x: (0, 4), y: (10, 20), resolution: 2, dtype: ScalarType.Float64);
        Assert.Equal([1, 3], grid.X);
        Assert.Equal([12.5, 17.5], grid.Y);
        Assert.Equal([1, 3, 1, 3], grid.Values.Cast<double>().Select(value => Math.Round(value, 12)));
        Assert.Equal(4 * 10 * 2, grid.Mass, 1e-9);
    }

    [Fact]
    public void A_grid_takes_no_gradient_and_leaves_no_tensor()
    {
        using var weight = ones(1, requires_grad: true);
        using var scope = NewDisposeScope();
        long before = scope.DisposablesCount;
        DensityGrid.Evaluate(x => Normal(x) * weight, (-1, 1), resolution: 150);
        Assert.Equal(before, scope.DisposablesCount);
        Assert.False(weight.IsInvalid);
    }

    [Fact]
    public void A_log_density_of_the_wrong_shape_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => DensityGrid.Evaluate(x => x, (-1, 1), resolution: 3));
        Assert.Contains("(9)", error.Message);
        Assert.Contains("(9, 2)", error.Message);
    }

    [Fact]
    public void No_samples_are_refused() =>
        Assert.Contains("samples is empty", Assert.Throws<ArgumentException>("samples", () => Figures.Samples(zeros(0, 2))).Message);

    [Fact]
    public void Samples_of_the_wrong_shape_are_refused_by_name()
    {
        Assert.Contains("(N, 2); it was (5, 3)", Assert.Throws<ArgumentException>(() => Figures.Samples(zeros(5, 3))).Message);
        Assert.Contains("(5); it was (4)", Assert.Throws<ArgumentException>(() => Figures.Samples(zeros(5, 2), labels: zeros(4))).Message);
        Assert.Contains("(2, 2, 2, 2)", Assert.Throws<ArgumentException>(() => Figures.Images(zeros(2, 2, 2, 2))).Message);
        Assert.Contains("(3, 3)", Assert.Throws<ArgumentException>(() => Figures.Deformation("", (1, 1), ("", zeros(3, 3)))).Message);
    }

    [Fact]
    public void Many_samples_are_thinned_evenly_and_said_so()
    {
        var figure = Figures.Samples(stack([arange(5000, float32), zeros(5000)], 1));
        var points = Assert.IsType<Points>(figure.Panels[0].Layers[0]);
        Assert.Equal(2000, points.X.Count);
        Assert.True(points.X[^1] >= 4996);
        Assert.Contains("2000 of 5000 points", figure.ToString());
    }

    [Fact]
    public void A_histogram_has_area_one()
    {
        manual_seed(1);
        var bars = Assert.IsType<Bars>(Figures.Histogram(randn(500), bins: 7, truth: _ => 1).Panels[0].Layers[0]);
        Assert.Equal(1, bars.Heights.Select((height, i) => height * (bars.Edges[i + 1] - bars.Edges[i])).Sum(), 1e-9);
    }

    [Fact]
    public void A_histogram_within_bounds_keeps_the_area_of_all_values()
    {
        var bars = Assert.IsType<Bars>(Figures.Histogram(tensor([0.5, 1.5, 1.5, 9]), bins: 2, bounds: (0, 2)).Panels[0].Layers[0]);
        Assert.Equal([0, 1, 2], bars.Edges);
        Assert.Equal([0.25, 0.5], bars.Heights);
    }

    [Fact]
    public void A_loss_picture_marks_the_step_that_was_kept()
    {
        var history = new History("net", [new(1, 5), new(2, 3), new(3, 2)], [new(2, 4), new(3, 4.5)], TimeSpan.Zero, BestStep: 2);
        var panel = Figures.Loss(history).Panels[0];
        Assert.Equal(["training", "validation", "kept: step 2"], panel.Layers.Select(layer => layer.Name));
        var kept = Assert.IsType<Points>(panel.Layers[2]);
        Assert.Equal((2, 4), (kept.X[0], kept.Y[0]));
    }

    [Fact]
    public void An_untrained_history_still_makes_a_picture()
    {
        var figure = Figures.Loss(new History("net", [], [], TimeSpan.Zero, 0));
        Assert.NotEmpty(figure.ToPng());
    }

    [Fact]
    public void Images_are_clipped_to_gray_levels()
    {
        var images = Figures.Images(tensor(new[] { -1f, 0.5f, 2f, float.NaN }).reshape(1, 1, 2, 2)).Panels[0].Images!;
        Assert.Equal(new byte[,] { { 0, 128 }, { 255, 0 } }, Assert.Single(images.Images[0]));
    }

    [Fact]
    public void Three_channels_are_red_green_and_blue()
    {
        var images = Figures.Images(tensor(new[] { 1f, 0f, 0.5f, 0.2f, 0f, 1f }).reshape(2, 3, 1, 1)).Panels[0].Images!;
        Assert.Equal([[255, 0, 128], [51, 0, 255]], images.Images.Select(planes => planes.Select(plane => (int)plane[0, 0]).ToArray()));
        Assert.Contains("one had 2", Assert.Throws<ArgumentException>(() => new ImageGrid([[new byte[1, 1], new byte[1, 1]]], 1)).Message);
        Assert.Contains("one was (1, 2)", Assert.Throws<ArgumentException>(() => new ImageGrid([[new byte[1, 1], new byte[1, 2], new byte[1, 1]]], 1)).Message);
    }

    [Fact]
    public void Composing_keeps_panels_titles_and_shape()
    {
        Figure one = Pictures.Of(new Points([0], [0])) with { Title = "a" }, two = Pictures.Of(new Points([0], [0]));
        var grid = Figure.Grid("all", 2, one, two, two);
        Assert.Equal(["a", "", ""], grid.Panels.Select(panel => panel.Title));
        Assert.Equal(2, grid.Columns);
        Assert.Throws<ArgumentException>(() => Figure.Row("none"));
    }

    [Fact]
    public void Layers_refuse_lengths_and_shapes_that_disagree()
    {
        Assert.Contains("2 and 1", Assert.Throws<ArgumentException>(() => new Points([0, 1], [0])).Message);
        Assert.Contains("2 and 3", Assert.Throws<ArgumentException>(() => new Points([0, 1], [0, 1]) { Groups = ["a", "b", "c"] }).Message);
        Assert.Contains("(2, 3)", Assert.Throws<ArgumentException>(() => new HeatMap([0, 1, 2], [0, 1], new double[3, 3])).Message);
        Assert.Contains("even", Assert.Throws<ArgumentException>(() => new HeatMap([0, 1, 3], [0, 1], new double[2, 3])).Message);
        Assert.Contains("n + 1", Assert.Throws<ArgumentException>(() => new Bars([0, 1], [1, 2])).Message);
        Assert.Throws<ArgumentException>(() => new Interval(1, 0));
    }
}
