using FlowKit.Distributions;
using FlowKit.Interactive.Frames;
using FlowKit.Interactive.Pairs;
using Microsoft.Data.Analysis;
using static TorchSharp.torch;

namespace FlowKit.Interactive;

public static partial class Figures
{
    private const int MostColumns = 8, MostRows = 100_000, ModelDraws = 50_000;

    /// <summary>Every pair of columns as a corner plot: histograms on the diagonal, points below it. A model is drawn over them, so that one sees where it is wrong.</summary>
    /// <remarks>
    /// Points are at most 2000 rows, evenly picked, fewer in a large picture; where there are more rows, lines around the smallest regions that hold half and 90 % of them are drawn too.
    /// Of more than 100,000 rows, so many are evenly picked for all of this. The model's lines and its curves on the diagonal come from 50,000 draws, smoothed; on the CPU the caller's
    /// random stream does not move. Axes cover the data and the middle 99 % of the draws. But they end where the data reach further beyond their own middle 99 %, or the draws further
    /// beyond the data, than those are wide: a few distant values do not squeeze all others.
    /// </remarks>
    /// <param name="samples">(N, D), 2 &lt;= D &lt;= 8. Rows with NaN or infinity are left out, and the legend says how many.</param>
    /// <param name="names">(D), for the axes; null: x1, x2, ...</param>
    /// <param name="model">Unconditional, with events (D); null: none.</param>
    /// <param name="title">Above the picture.</param>
    /// <exception cref="ArgumentException">The shape is another, there are too many columns to be seen, no row is finite, the names are not D, different and not blank, or the model is
    /// conditional, of other events, or without a finite draw.</exception>
    /// <example><code>
    /// var x = new TwoMoons().Sample(2_000);
    /// var flow = RealNvp.Create(features: 2, layers: 6);
    /// Figures.Pairs(x, ["left", "up"], model: flow)
    /// </code></example>
    public static Figure Pairs(Tensor samples, IReadOnlyList<string>? names = null, Distribution? model = null, string title = "")
    {
        Require(samples, "(N, D), D >= 2", samples.dim() == 2 && samples.size(1) >= 2, nameof(samples));
        int count = (int)samples.size(1);
        if (count > MostColumns)
            throw new ArgumentException(
                $"A corner plot shows at most {MostColumns} columns; there were {count}. Pick some: samples[.., ..{MostColumns}], or by name from a frame.", nameof(samples));
        names = ColumnTable.Names(names ?? [], count, nameof(names));
        if (model is not null && (model.ContextShape is not null || model.EventShape is not [var features] || features != count))
            throw new ArgumentException(
                $"The model of {count} columns has events of shape ({count}) and no context; its events were {model.EventShape}, its context {model.ContextShape?.ToString() ?? "none"}.", nameof(model));

        var (data, rows) = FiniteColumns(samples, nameof(samples));
        var corner = new CornerPlot(names, data, rows, model is null ? null : Draws(model), samples.size(0) - rows);
        return new(title, corner.Panels()) { Columns = count, IsCorner = true };
    }

    /// <summary>Every pair of a frame's columns as a corner plot: histograms on the diagonal, points below it. A model is drawn over them, so that one sees where it is wrong.</summary>
    /// <inheritdoc cref="Pairs(Tensor, IReadOnlyList{string}?, Distribution?, string)"/>
    /// <param name="frame">Its columns become numbers, or are refused, as in <see cref="DataFrames.ToTensor(DataFrame, ScalarType, IReadOnlyList{string})"/>.</param>
    /// <param name="columns">2 to 8 names, in the order of the panels; null: all columns.</param>
    /// <param name="model">Unconditional, with events (D), in the order of the columns; null: none.</param>
    /// <param name="title">Above the picture.</param>
    /// <example><code>
    /// using Microsoft.Data.Analysis;
    ///
    /// File.WriteAllText("wine.csv", "alcohol,color,hue\n14.2,5.6,1.04\n13.2,4.4,1.05\n12.4,1.9,1.05\n");
    /// var frame = DataFrame.LoadCsv("wine.csv");
    /// Figures.Pairs(frame, ["alcohol", "color", "hue"])
    /// </code></example>
    public static Figure Pairs(DataFrame frame, IReadOnlyList<string>? columns = null, Distribution? model = null, string title = "")
    {
        ArgumentNullException.ThrowIfNull(frame);
        using var scope = NewDisposeScope();
        return Pairs(frame.ToTensor(float64, columns ?? []), columns is { Count: > 0 } ? columns : [.. frame.Columns.Select(column => column.Name)], model, title);
    }

    /// <summary>The model's draws as columns, from where the random stream is; it then goes back there.</summary>
    private static double[][] Draws(Distribution model)
    {
        using var scope = NewDisposeScope();
        using var stream = new BorrowedStream();
        return FiniteColumns(model.Sample(ModelDraws), nameof(model)).Columns;
    }

    /// <summary>(N, D) as D columns of the rows that are finite, so far as they are picked, and how many are finite.</summary>
    private static (double[][] Columns, long Rows) FiniteColumns(Tensor table, string name)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var real = table.detach().to(CPU).to(float64);
        var finite = real.isfinite().all(1).nonzero().flatten();
        long rows = finite.size(0), picked = Math.Min(rows, MostRows);
        if (rows == 0) throw new ArgumentException($"At least one row of finite numbers is needed; {name} had none in {table.size(0)}.", name);

        var shown = real.index_select(0, Evenly(finite, picked));      // (picked, D)
        return ([.. Enumerable.Range(0, (int)shown.size(1)).Select(column => shown.select(1, column).ToDoubles())], rows);
    }
}
