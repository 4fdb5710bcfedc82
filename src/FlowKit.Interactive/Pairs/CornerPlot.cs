using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive.Pairs;

/// <summary>The panels of a corner plot: the marginal of each column on the diagonal, the plane of each pair below it.</summary>
/// <param name="names">(D).</param>
/// <param name="data">(D) columns of finite numbers, at least one.</param>
/// <param name="rows">Of how many rows those are; the others are like them.</param>
/// <param name="model">(D) columns of the model's draws, finite, or null.</param>
/// <param name="leftOut">Rows of the data that are not finite and not here.</param>
internal sealed class CornerPlot(IReadOnlyList<string> names, double[][] data, long rows, double[][]? model, long leftOut)
{
    private const string DataColor = "#0072b2", ModelColor = "#d55e00", ModelName = "model";
    private const int BarWidth = 5, MarginalCells = 120, PlaneCells = 48, MostPoints = 2_000, PointsOfAll = 16_000;

    private static readonly double[] Masses = [0.5, 0.9];

    private readonly int side = Math.Min(240, 740 / names.Count);
    private readonly string dataName = leftOut > 0 ? $"data ({leftOut} non-finite {(leftOut == 1 ? "row" : "rows")} left out)" : model is null ? "" : "data";
    private readonly AxisRange[] axes = [.. data.Select((column, k) => new AxisRange(column, model?[k]))];

    private int Columns => names.Count;

    /// <summary>D rows of D panels; those above the diagonal are blank.</summary>
    public IReadOnlyList<Panel> Panels() =>
        [.. Enumerable.Range(0, Columns * Columns).Select(i => At(i / Columns, i % Columns) with { Width = side, Height = side, HasLegend = i == 0 })];

    private Panel At(int row, int column)
    {
        if (column > row) return new("", []) { HasAxes = false };

        Layer[] layers = column == row ? Marginal(row) : Plane(column, row);
        return new("", layers)
        {
            X = axes[column].Shown,
            Y = column == row ? (0, 1.05 * layers.Max(layer => layer is Curve curve ? curve.Y.Max() : layer.ExtentY!.Value.High)) : axes[row].Shown,
            XLabel = row == Columns - 1 ? Short(names[column]) : "",
            YLabel = column == 0 && row > 0 ? Short(names[row]) : "",
            HasXTicks = row == Columns - 1,
            HasYTicks = column == 0 && row > 0,
        };
    }

    private Layer[] Marginal(int k)
    {
        var bars = axes[k].Bars(most: side / BarWidth) with { Name = dataName, Color = DataColor };
        if (model is null) return [bars];

        var (x, density) = SmoothHistogram.Of(model[k], axes[k].Shown, MarginalCells);
        return [bars, new Curve(x, density) { Name = ModelName, Color = ModelColor }];
    }

    private IEnumerable<Layer> Regions(double[][] columns, int x, int y, string name, string color)
    {
        var grid = SmoothHistogram.Of(columns[x], columns[y], axes[x].Shown, axes[y].Shown, PlaneCells);
        double[] masses = [.. Masses.Where(mass => mass < grid.Mass)];
        if (masses.Length > 0)
            yield return new Contours(grid.X, grid.Y, grid.Values, Figures.LevelsOf(grid, [.. masses.Select(mass => mass / grid.Mass)])) { Name = name, Color = color };
    }

    private Layer[] Plane(int x, int y)
    {
        int count = data[x].Length, shown = Math.Min(count, Math.Min(MostPoints, PointsOfAll / (Columns * (Columns - 1) / 2)));
        int[] picked = [.. Enumerable.Range(0, shown).Select(i => (int)((long)i * count / shown))];
        var points = new Points([.. picked.Select(row => data[x][row])], [.. picked.Select(row => data[y][row])])
        {
            Name = dataName,
            Color = DataColor,
            Size = side > 150 ? 3 : 2,
            Opacity = 0.35,
            OutOf = rows,
        };
        return [points, .. rows > MostPoints ? Regions(data, x, y, dataName, DataColor) : [], .. model is null ? [] : Regions(model, x, y, ModelName, ModelColor)];
    }

    private string Short(string name)
    {
        for (int length = name.Length; length > 0; length--)
            if ((length < name.Length ? $"{name[..length]}…" : name) is var text && EmbeddedFont.Measure(text, EmbeddedFont.SmallestSize) <= side) return text;
        return "…";
    }
}
