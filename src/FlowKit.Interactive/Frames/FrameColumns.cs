using Microsoft.Data.Analysis;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Frames;

/// <summary>The columns of a data frame: read into a table, and made from tensors.</summary>
internal static class FrameColumns
{
    /// <summary>The frame's columns; blocks of memory are copied whole.</summary>
    public static ColumnTable Table(DataFrame frame) => new([.. frame.Columns.Select(Read)]);

    /// <summary>A column of the tensor's own type; half precisions, which frames lack, become float32.</summary>
    /// <param name="name">Of the column.</param>
    /// <param name="values">(N), on the CPU.</param>
    /// <exception cref="ArgumentException">Frames have no type for such values.</exception>
    public static DataFrameColumn Column(string name, Tensor values)
    {
        if (values.dtype is ScalarType.Float16 or ScalarType.BFloat16) values = values.to(ScalarType.Float32);
        byte[] bytes = values.contiguous().bytes.ToArray(), filled = new byte[(values.size(0) + 7) / 8];
        filled.AsSpan().Fill(byte.MaxValue);      // a bit a row: it has a value
        int rows = checked((int)values.size(0));
        return values.dtype switch
        {
            ScalarType.Float32 => new SingleDataFrameColumn(name, bytes, filled, rows, nullCount: 0),
            ScalarType.Float64 => new DoubleDataFrameColumn(name, bytes, filled, rows, nullCount: 0),
            ScalarType.Int64 => new Int64DataFrameColumn(name, bytes, filled, rows, nullCount: 0),
            ScalarType.Int32 => new Int32DataFrameColumn(name, bytes, filled, rows, nullCount: 0),
            ScalarType.Int16 => new Int16DataFrameColumn(name, bytes, filled, rows, nullCount: 0),
            ScalarType.Int8 => new SByteDataFrameColumn(name, bytes, filled, rows, nullCount: 0),
            ScalarType.Byte => new ByteDataFrameColumn(name, bytes, filled, rows, nullCount: 0),
            ScalarType.Bool => new BooleanDataFrameColumn(name, bytes, filled, rows, nullCount: 0),
            var other => throw new ArgumentException($"A data frame has no column of {other}.", nameof(values)),
        };
    }

    private static TableColumn Read(DataFrameColumn column) => column switch
    {
        PrimitiveDataFrameColumn<bool> typed => Read(typed),
        PrimitiveDataFrameColumn<byte> typed => Read(typed),
        PrimitiveDataFrameColumn<sbyte> typed => Read(typed),
        PrimitiveDataFrameColumn<short> typed => Read(typed),
        PrimitiveDataFrameColumn<ushort> typed => Read(typed),
        PrimitiveDataFrameColumn<int> typed => Read(typed),
        PrimitiveDataFrameColumn<uint> typed => Read(typed),
        PrimitiveDataFrameColumn<long> typed => Read(typed),
        PrimitiveDataFrameColumn<ulong> typed => Read(typed),
        PrimitiveDataFrameColumn<float> typed => Read(typed),
        PrimitiveDataFrameColumn<double> typed => Read(typed),
        PrimitiveDataFrameColumn<decimal> typed => Read(typed),
        _ => new(column.Name, column.DataType, column.Length, [], []),
    };

    private static TableColumn Read<T>(PrimitiveDataFrameColumn<T> column) where T : unmanaged => new(
        column.Name, typeof(T), column.Length, column.GetReadOnlyDataBuffers().Select(block => block.ToArray()),
        column.NullCount == 0 ? [] : Rows(column.Length).Where(row => !column.IsValid(row)));

    private static IEnumerable<long> Rows(long count)
    {
        for (long row = 0; row < count; row++) yield return row;
    }
}
