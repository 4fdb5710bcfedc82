using FlowKit.Interactive.Frames;
using FlowKit.Training;
using Microsoft.Data.Analysis;
using static TorchSharp.torch;

namespace FlowKit.Interactive;

public static partial class DataFrames
{
    /// <summary>The columns of a frame as a tensor, (rows, columns), float32, on the CPU.</summary>
    /// <inheritdoc cref="ToTensor(DataFrame, ScalarType, IReadOnlyList{string})"/>
    /// <param name="frame">At least one column; without rows the tensor is (0, columns).</param>
    /// <param name="columns">Names, in the order of the tensor's columns; none: all columns, in the frame's order.</param>
    public static Tensor ToTensor(this DataFrame frame, params IReadOnlyList<string> columns) => frame.ToTensor(ScalarType.Float32, columns);

    /// <summary>The columns of a frame as a tensor, (rows, columns), on the CPU.</summary>
    /// <remarks>
    /// Columns of numbers and of truth values (1 and 0) are taken. Fractions are rounded to the nearest number of <paramref name="dtype"/>; an integer that would be rounded, beyond
    /// 2^24 for float32, is refused, because integers are often keys. NaN stays NaN: it is a value, and training refuses it by row.
    /// </remarks>
    /// <param name="frame">At least one column; without rows the tensor is (0, columns).</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="columns">Names, in the order of the tensor's columns; none: all columns, in the frame's order.</param>
    /// <exception cref="ArgumentException">The frame has no such column, a name occurs twice, a column holds text, dates or other things that are not numbers, a value is missing, or
    /// an integer would be rounded. The message names the columns and the first rows, counted from 0.</exception>
    /// <example><code>
    /// using Microsoft.Data.Analysis;
    ///
    /// var frame = DataFrame.LoadCsvFromString("height,weight,sport\n1.81,77.5,rowing\n1.68,58,sprint\n");
    /// var x = frame.ToTensor("height", "weight");      // (2, 2)
    /// </code></example>
    public static Tensor ToTensor(this DataFrame frame, ScalarType dtype, params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(columns);
        return FrameColumns.Table(frame).Pick(columns, nameof(columns)).ToTensor(dtype, nameof(columns));
    }

    /// <summary>The rows of a frame as examples to train on: x (N, D), and the context each is conditioned on, (N, C).</summary>
    /// <remarks>Columns become numbers as in <see cref="ToTensor(DataFrame, ScalarType, IReadOnlyList{string})"/>, under the same refusals.</remarks>
    /// <param name="frame">A row an example.</param>
    /// <param name="columns">Of x; none or null: all that are not of the context.</param>
    /// <param name="context">Of the context; none or null: there is no context.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <exception cref="ArgumentException">As there; or a column is of both x and the context, or none is left for x.</exception>
    /// <example><code>
    /// using Microsoft.Data.Analysis;
    ///
    /// var frame = DataFrame.LoadCsvFromString("height,weight,age\n1.81,77.5,24\n1.68,58,31\n");
    /// var data = frame.ToDataset(context: ["age"]);      // x = (height, weight) given the age
    /// </code></example>
    public static Dataset ToDataset(this DataFrame frame, IReadOnlyList<string>? columns = null, IReadOnlyList<string>? context = null, ScalarType dtype = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(frame);
        (columns, context) = (columns ?? [], context ?? []);
        if (columns.Intersect(context).FirstOrDefault() is { } both)
            throw new ArgumentException($"\"{both}\" is a column of x and of the context; expected it in one of them.", nameof(context));

        var table = FrameColumns.Table(frame);
        var given = context.Count > 0 ? table.Pick(context, nameof(context)) : null;
        if (columns.Count == 0 && given is not null && context.Count == frame.Columns.Count)
            throw new ArgumentException("All columns are of the context; none is left for x.", nameof(context));

        using var scope = NewDisposeScope();
        var c = given?.ToTensor(dtype, nameof(context));
        var x = table.Pick(columns, nameof(columns), leftOut: context).ToTensor(dtype, nameof(columns));
        scope.MoveToOuter(c is null ? [x] : [x, c]);
        return new(x, c);
    }

    /// <summary>A tensor as a frame with a column a feature, each of the tensor's own type; half precisions become float32. Gradients and devices are left behind.</summary>
    /// <param name="values">(N, D), D >= 1, or (N) for one column.</param>
    /// <param name="names">One for each column, all different; none: x1, x2, ...</param>
    /// <exception cref="ArgumentException">The shape is another, the values are complex, sparse or on the meta device, or the names are not D, different and not blank.</exception>
    /// <example><code>
    /// using Microsoft.Data.Analysis;
    ///
    /// var frame = torch.randn(100, 2).ToDataFrame("height", "weight");
    /// DataFrame.SaveCsv(frame, "draws.csv");
    /// </code></example>
    public static DataFrame ToDataFrame(this Tensor values, params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(names);
        Guard.Number(values);
        if (values.dim() is not (1 or 2) || values.size(-1) == 0 && values.dim() == 2)
            throw new ArgumentException($"{nameof(values)} has the shape (N, D), D >= 1, or (N); it was {values.ShapeText()}.", nameof(values));

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var table = values.dim() == 1 ? values.unsqueeze(1) : values;       // (N, D)
        names = ColumnTable.Names(names, table.size(1), nameof(names));
        var plain = table.detach().cpu();
        return new(names.Select((name, i) => FrameColumns.Column(name, plain.select(1, i))));
    }
}
