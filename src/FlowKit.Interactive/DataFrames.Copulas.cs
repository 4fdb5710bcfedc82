using FlowKit.Copulas;
using Microsoft.Data.Analysis;
using static TorchSharp.torch;

namespace FlowKit.Interactive;

public static partial class DataFrames
{
    /// <summary>Margins and a copula fitted to the columns of a frame, with their names.</summary>
    /// <remarks>Columns become numbers as in <see cref="ToTensor(DataFrame, ScalarType, IReadOnlyList{string})"/>, under the same refusals. <see cref="CopulaModel.Warning"/> names columns with many ties.</remarks>
    /// <param name="frame">A row an example.</param>
    /// <param name="columns">Names; none or null: all columns, in the frame's order.</param>
    /// <param name="options">Which margins and which copula; null for the defaults.</param>
    /// <exception cref="ArgumentException">As there; or a column holds NaN or infinities, is constant, or cannot be fitted. The message names it.</exception>
    /// <example><code>
    /// using Microsoft.Data.Analysis;
    ///
    /// var frame = StockReturns.Load().Values.ToDataFrame("DAX", "SMI", "CAC", "FTSE");
    /// var model = frame.FitCopula(["DAX", "SMI"]);
    /// DataFrame draws = model.SampleFrame(1000);          // DAX | SMI
    /// </code></example>
    public static CopulaModel FitCopula(this DataFrame frame, IReadOnlyList<string>? columns = null, CopulaModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(frame);
        using var scope = NewDisposeScope();
        var x = frame.ToTensor(ScalarType.Float64, columns ?? []);
        return CopulaModel.Fit(x, columns is { Count: > 0 } ? columns : [.. frame.Columns.Select(column => column.Name)], options);
    }

    /// <summary>Draws of a model as a frame with the columns it was fitted to, float64 or what the model was converted to.</summary>
    /// <param name="model">The model.</param>
    /// <param name="count">Rows, >= 0.</param>
    public static DataFrame SampleFrame(this CopulaModel model, long count)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        return model.Sample(count).ToDataFrame(model.Names);
    }
}
