using FlowKit.Experiments;
using FlowKit.Interactive.Rendering;
using FlowKit.Models;
using FlowKit.Training;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

public class LayerTests
{
    private static readonly double[] Axis = [.. Enumerable.Range(0, 61).Select(i => (i - 30) / 10.0)];

    private static double[,] Table(Func<double, double, double> f)
    {
        double[,] values = new double[Axis.Length, Axis.Length];
        for (int i = 0; i < values.Length; i++) values[i / Axis.Length, i % Axis.Length] = f(Axis[i % Axis.Length], Axis[i / Axis.Length]);
        return values;
    }

    [Fact]
    public void The_contour_of_a_cone_is_one_closed_circle()
    {
        var (x, y) = Assert.Single(new Contours(Axis, Axis, Table((a, b) => Math.Sqrt(a * a + b * b)), 2).Lines);
        Assert.All(x.Zip(y), point => Assert.Equal(2, Math.Sqrt(point.First * point.First + point.Second * point.Second), 5e-3));
        Assert.Equal((x[0], y[0]), (x[^1], y[^1]));
        Assert.True(x.Length > 100);
    }

    [Fact]
    public void Contours_of_a_plane_are_open_lines_and_blank_cells_interrupt_them()
    {
        double[,] plane = Table((a, _) => a);
        Assert.All(Assert.Single(new Contours(Axis, Axis, plane, 0.55).Lines).X, x => Assert.Equal(0.55, x, 1e-12));
        plane[30, 35] = double.NaN;
        Assert.Equal(2, new Contours(Axis, Axis, plane, 0.55).Lines.Count());
    }

    [Fact]
    public void A_saddle_parts_its_lines_and_loses_none()
    {
        var lines = new Contours(Axis, Axis, Table((a, b) => (a - 0.05) * (b - 0.05)), 0).Lines.ToList();
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.All(line.X.Zip(line.Y), point => Assert.Equal(0, (point.First - 0.05) * (point.Second - 0.05), 3e-3)));
    }

    [Fact]
    public void Density_contours_hold_the_masses_they_say()
    {
        var grid = DensityGrid.Evaluate(x => -x.pow(2).sum(1) / 2 - Math.Log(2 * Math.PI), (-5, 5), resolution: 200, dtype: ScalarType.Float64);
        var contours = Assert.IsType<Contours>(Figures.Contours("", ("normal", grid)).Panels[0].Layers[0]);
        double[] masses = [.. contours.Levels.Select(level => 1 - level * 2 * Math.PI)];      // P(p(x) >= t) = 1 - 2 pi t
        Assert.Equal([0.5, 0.9, 0.99], masses.Select(mass => Math.Round(mass, 2)));
    }

    [Fact]
    public void An_arrow_keeps_its_direction_and_never_reaches_its_neighbor()
    {
        var arrows = Assert.IsType<Arrows>(Figures.Field(x => stack([-x.select(1, 1), x.select(1, 0)], 1) * 1000, (-1, 1), resolution: 10).Panels[0].Layers[0]);
        double[] lengths = [.. arrows.U.Zip(arrows.V, (u, v) => Math.Sqrt(u * u + v * v))];
        Assert.InRange(lengths.Max(), 0.1, 0.2);
        Assert.Equal(0.1, lengths.Order().ElementAt(50), 5e-3);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(0, arrows.X[i] * arrows.U[i] + arrows.Y[i] * arrows.V[i], 1e-6));
    }

    [Fact]
    public void Thinning_keeps_a_circle_and_drops_what_lies_on_a_straight_line()
    {
        double[] t = [.. Enumerable.Range(0, 1001).Select(i => i / 1000.0)];
        Assert.Equal(2, Thinning.Of((t, [.. t.Select(x => 2 * x)]), (0, 1), (0, 2)).X.Length);
        var (x, y) = Thinning.Of(([.. t.Select(a => Math.Cos(6.28 * a))], [.. t.Select(a => Math.Sin(6.28 * a))]), (-1, 1), (-1, 1));
        Assert.InRange(x.Length, 40, 300);
        Assert.All(x.Zip(x.Skip(1)), pair => Assert.True(Math.Abs(pair.First - pair.Second) < 0.2));
        Assert.Equal(x.Length, y.Length);
    }

    [Fact]
    public void A_spectrum_is_sorted_and_shows_what_was_expected()
    {
        var panel = Figures.Spectrum(tensor(new[] { 1.0, 3.0, double.NaN, 2.0 }), expected: 1).Panels[0];
        Assert.Equal([3, 2, 1], Assert.IsType<Bars>(panel.Layers[0]).Heights);
        Assert.Equal([1, 1], Assert.IsType<Curve>(panel.Layers[1]).Y);
        Assert.IsType<Curve>(Figures.Spectrum(rand(500)).Panels[0].Layers[0]);
    }

    [Fact]
    public void A_band_is_as_wide_as_its_confidence()
    {
        var (lower, upper) = Figures.WithBand("mean", [0, 1], [1, 2], [0.5, 1], width: 2).Band!.Value;
        Assert.Equal([0, 0], lower);
        Assert.Equal([2, 4], upper);
    }

    [Fact]
    public void Points_through_layers_have_a_frame_a_layer_on_common_axes()
    {
        manual_seed(1);
        var flow = RealNvp.Create(features: 2, layers: 3);
        using (no_grad())
            foreach (var weight in flow.parameters()) weight.add_(randn_like(weight) * 0.2);
        var animation = Figures.ThroughLayers(flow.Transform, randn(50, 2), "three layers");
        Assert.Equal(["data", "1: Coupling", "2: Coupling", "3: latent"], animation.Frames.Select(frame => frame.Label));
        Assert.Single(animation.Frames.Select(frame => (frame.Figure.Panels[0].XRange, frame.Figure.Panels[0].YRange)).Distinct());
        Assert.Equal(4, animation.Still.Panels.Count);
    }

    [Fact]
    public void Frames_that_differ_in_kind_are_refused()
    {
        Figure points = Pictures.Of(new Points([0], [0])), curve = Pictures.Of(new Curve([0], [0]));
        Assert.Contains("frame \"b\" has Curve", Assert.Throws<ArgumentException>(() => new Animation("", ("a", points), ("b", curve))).Message);
        Assert.Throws<ArgumentException>(() => new Animation(""));
    }

    [Fact]
    public void A_running_training_leaves_room_for_the_steps_to_come()
    {
        var panel = Figures.Progress("net", 100, [new(1, 5), new(2, 4)], []).Panels[0];
        Assert.Equal((0, 104), (panel.XRange.Low, panel.XRange.High));
    }

    [Fact]
    public void A_live_loss_shows_once_and_updates_and_a_new_training_begins_anew()
    {
        var (shown, updated) = (new List<string>(), new List<string>());
        var live = new LiveLoss(value => { shown.Add(((LivePicture)value).Words); return next => updated.Add(((LivePicture)next).Words); }, TimeSpan.Zero);
        live.Report(new("a", 1, 3, 5, null, TimeSpan.FromSeconds(1)));
        live.Report(new("a", 2, 3, 4, 4.5, TimeSpan.FromSeconds(2)));
        live.Report(new("a", 3, 3, 3, 4.5, TimeSpan.FromSeconds(3)));
        live.Report(new("a", 1, 3, 5, null, TimeSpan.FromSeconds(1)));
        Assert.Equal(["a: step 1 of 3, loss 5, 1 steps/s, 00:00:02 left", "a: step 1 of 3, loss 5, 1 steps/s, 00:00:02 left"], shown);
        Assert.Equal(["a: step 2 of 3, loss 4, 1 steps/s, 00:00:01 left", "a: step 3 of 3, loss 3, 1 steps/s"], updated);
    }

    [Fact]
    public void A_live_loss_draws_the_first_report_and_the_last_however_fast_they_come()
    {
        int drawn = 0;
        var live = new LiveLoss(_ => { drawn++; return _ => drawn++; }, TimeSpan.FromHours(1));
        for (int step = 1; step <= 50; step++) live.Report(new("a", step, 50, 1, null, TimeSpan.FromSeconds(step)));
        Assert.Equal(2, drawn);
    }

    [Fact]
    public void A_live_loss_draws_the_end_of_a_training_that_stops_early()
    {
        var shown = new List<string>();
        var live = new LiveLoss(value => { shown.Add(((LivePicture)value).Words); return next => shown.Add(((LivePicture)next).Words); }, TimeSpan.FromHours(1));
        for (int step = 1; step <= 20; step++) live.Report(new("a", step, 50, step, null, TimeSpan.FromSeconds(step)) { IsLast = step == 20 });
        Assert.Equal(["a: step 1 of 50, loss 1, 1 steps/s, 00:00:49 left", "a: stopped at step 20 of 50, loss 20, 1 steps/s"], shown);
    }

    [Fact]
    public void The_end_of_a_training_that_was_just_reported_is_no_other_training()
    {
        var (shown, updated) = (0, new List<string>());
        var live = new LiveLoss(_ => { shown++; return next => updated.Add(((LivePicture)next).Words); }, TimeSpan.Zero);
        live.Report(new("a", 37, 50, 2, null, TimeSpan.FromSeconds(1)));
        live.Report(new("a", 37, 50, 2, null, TimeSpan.FromSeconds(1)) { IsLast = true });
        Assert.Equal(1, shown);
        Assert.Equal(["a: stopped at step 37 of 50, loss 2, 37 steps/s"], updated);
    }

    [Fact]
    public void Trainings_and_results_become_data_frames()
    {
        var history = new History("net", [new(1, 5), new(2, 3)], [new(2, 4)], TimeSpan.Zero, 2).ToDataFrame();
        Assert.Equal([1, 2], history["step"].Cast<int>());
        Assert.Equal([null, 4.0], history["validation"].Cast<double?>());
        var results = new ResultTable { new Result("a", "nats", 1, Claim: Claim.AtMost(2)), new Result("b", "", 3, Truth: 3) }.ToDataFrame();
        Assert.Equal([true, null], results["holds"].Cast<bool?>());
        Assert.Equal(3.0, results["truth"][1]);
    }
}
