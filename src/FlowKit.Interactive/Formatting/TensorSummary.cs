using System.Globalization;
using System.Net;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Formatting;

/// <summary>What a notebook shows of a tensor: its kind, statistics, a corner of values and a strip of colors. It keeps no tensor.</summary>
internal sealed record TensorSummary(string Kind, string Statistics, string[][] Corner, bool MoreRows, bool MoreColumns, string? Strip)
{
    private const int Rows = 6, Columns = 8, StatisticsOf = 1_000_000;

    public static TensorSummary Of(Tensor tensor)
    {
        if (tensor.IsInvalid) return Plain("disposed tensor", "");

        string kind = $"Tensor {tensor.ShapeText()} {Name(tensor.dtype)} {tensor.device}{(tensor.requires_grad ? " requires_grad" : "")}";
        if (tensor.device_type == TorchSharp.DeviceType.META) return Plain(kind, "no values");
        if (tensor.is_sparse) return Plain(kind, "sparse");
        if (tensor.numel() == 0) return Plain(kind, "empty");

        using var scope = NewDisposeScope();
        var detached = tensor.detach();
        var corner = Corner2D(detached, Rows, Columns);
        bool moreColumns = tensor.dim() > 0 && tensor.size(-1) > corner.size(1), moreRows = corner.size(0) * (tensor.dim() > 0 ? tensor.size(-1) : 1) < tensor.numel();
        return new(kind, Describe(detached), Texts(corner), moreRows, moreColumns, HeatStrip.DataUri(detached));
    }

    public string ToText() => string.Join('\n',
        [Statistics.Length > 0 ? $"{Kind}  {Statistics}" : Kind, .. Shown.Select(row => $"  {string.Join("  ", row)}")]);

    public string ToHtml()
    {
        string head = $"<div><code>{WebUtility.HtmlEncode(Kind)}</code>{(Statistics.Length > 0 ? $" {WebUtility.HtmlEncode(Statistics)}" : "")}</div>";
        string strip = Strip is null ? "" : $"<img alt=\"values as colors\" src=\"{Strip}\">";
        string rows = string.Concat(Shown.Select(row => $"<tr>{string.Concat(row.Select(cell => $"<td>{WebUtility.HtmlEncode(cell)}</td>"))}</tr>"));
        return $"{head}{strip}{(rows.Length > 0 ? $"<table><tbody>{rows}</tbody></table>" : "")}";
    }

    /// <summary>The corner, with dots where the tensor goes on.</summary>
    private IEnumerable<IEnumerable<string>> Shown =>
        [.. Corner.Select(row => MoreColumns ? row.Append("...") : row), .. MoreRows ? [["..."]] : (string[][])[]];

    /// <summary>The first rows and columns of the first matrix inside a tensor, (rows, columns); a view.</summary>
    internal static Tensor Corner2D(Tensor tensor, long rows, long columns, bool spread = false)
    {
        var matrix = tensor;
        while (matrix.dim() > 2) matrix = matrix.select(0, 0);
        while (matrix.dim() < 2) matrix = matrix.unsqueeze(0);
        return Cut(Cut(matrix, 0, rows, spread), 1, columns, spread);
    }

    /// <summary>Every k-th element along the largest dimensions, so that at most <paramref name="limit"/> are left; a view.</summary>
    internal static Tensor Thin(Tensor tensor, long limit)
    {
        while (tensor.numel() > limit)
        {
            long[] shape = tensor.shape;
            int largest = Array.IndexOf(shape, shape.Max());
            long keep = Math.Max(1, shape[largest] / ((tensor.numel() + limit - 1) / limit));
            tensor = Cut(tensor, largest, Math.Min(keep, shape[largest] - 1), spread: true);
        }

        return tensor;
    }

    private static Tensor Cut(Tensor tensor, int dimension, long keep, bool spread)
    {
        long size = tensor.size(dimension), step = spread ? (size + keep - 1) / keep : 1;
        return size <= keep ? tensor : tensor.slice(dimension, 0, spread ? size : keep, step);
    }

    private static string Describe(Tensor tensor)
    {
        var part = Thin(tensor, StatisticsOf);
        bool complex = tensor.is_complex();
        double[] all = (complex ? part.abs() : part).ToDoubles(), finite = [.. all.Where(double.IsFinite)];
        int nan = all.Count(double.IsNaN), infinite = all.Length - finite.Length - nan;

        string text = finite.Length == 0 ? "no finite value" : $"min {Number(finite.Min())}  mean {Number(finite.Average())}  max {Number(finite.Max())}";
        if (complex) text = $"|z|: {text}";
        if (nan > 0) text += $"  NaN {nan}";
        if (infinite > 0) text += $"  inf {infinite}";
        return part.numel() == tensor.numel() ? text : $"{text}  (of {part.numel()} of {tensor.numel()} elements, evenly picked)";
    }

    private static string[][] Texts(Tensor corner)
    {
        int columns = (int)corner.size(1);
        double[] real = (corner.is_complex() ? corner.real : corner).ToDoubles(), imaginary = corner.is_complex() ? corner.imag.ToDoubles() : [];
        return [.. real.Select((value, i) => Text(value, i)).Chunk(columns)];

        string Text(double value, int i) =>
            corner.dtype == ScalarType.Bool ? value == 0 ? "false" : "true"
            : corner.is_complex() ? $"{Number(value)}{(imaginary[i] < 0 ? "" : "+")}{Number(imaginary[i])}i"
            : corner.is_floating_point() ? Number(value)
            : value.ToString("F0", CultureInfo.InvariantCulture);
    }

    private static string Name(ScalarType type) => type.ToString().ToLowerInvariant();

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static TensorSummary Plain(string kind, string statistics) => new(kind, statistics, [], MoreRows: false, MoreColumns: false, Strip: null);
}
