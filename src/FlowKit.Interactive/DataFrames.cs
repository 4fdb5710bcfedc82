using FlowKit.Experiments;
using FlowKit.Training;
using Microsoft.Data.Analysis;

namespace FlowKit.Interactive;

/// <summary>Trainings and results as data frames, to compute on and to show as tables.</summary>
/// <example><code>
/// using Microsoft.Data.Analysis;
///
/// var frame = DataFrame.LoadCsvFromString("height,weight,age\n1.81,77.5,24\n1.68,58,31\n1.75,70.2,45\n");
/// var x = frame.ToTensor("height", "weight");
/// Console.WriteLine(x);                // => [3x2], type = Float32, device = cpu
/// var back = x.ToDataFrame("height", "weight");
/// Console.WriteLine(back.Rows.Count);  // => 3
/// </code></example>
public static partial class DataFrames
{
    /// <summary>A row a step: step | training | validation. What was not measured at a step is null.</summary>
    public static DataFrame ToDataFrame(this History history)
    {
        ArgumentNullException.ThrowIfNull(history);
        int[] steps = [.. history.Train.Concat(history.Validation).Select(point => point.Step).Distinct().Order()];
        return new(new Int32DataFrameColumn("step", steps), Losses("training", history.Train), Losses("validation", history.Validation));

        DoubleDataFrameColumn Losses(string name, IReadOnlyList<HistoryPoint> points)
        {
            var byStep = points.GroupBy(point => point.Step).ToDictionary(group => group.Key, group => group.Last().Loss);
            return new(name, steps.Select(step => byStep.TryGetValue(step, out double loss) ? loss : (double?)null));
        }
    }

    /// <summary>A row a result: quantity | unit | paper | confidence | truth | ours | standard error | claim | holds.</summary>
    public static DataFrame ToDataFrame(this ResultTable results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return new(
            new StringDataFrameColumn("quantity", results.Select(result => result.Quantity)),
            new StringDataFrameColumn("unit", results.Select(result => result.Unit)),
            new DoubleDataFrameColumn("paper", results.Select(result => result.Paper)),
            new StringDataFrameColumn("confidence", results.Select(result => result.Confidence)),
            new DoubleDataFrameColumn("truth", results.Select(result => result.Truth)),
            new DoubleDataFrameColumn("ours", results.Select(result => result.Ours)),
            new DoubleDataFrameColumn("standard error", results.Select(result => result.StandardError)),
            new StringDataFrameColumn("claim", results.Select(result => result.Claim?.Text)),
            new BooleanDataFrameColumn("holds", results.Select(result => result.Holds)));
    }
}
