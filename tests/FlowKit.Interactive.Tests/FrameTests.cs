using FlowKit.Interactive.Frames;
using Microsoft.Data.Analysis;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

public class FrameTests
{
    private const string People = "height,weight,sport,joined,left\n1.81,77.5,rowing,2024-01-31,3\n1.68,,sprint,2023-05-02,NaN\n1.75,58,,2022-11-11,1\n,61,rowing,2021-01-01,2\n";

    public static TheoryData<string> Types => [.. Columns.Keys];

    private static readonly Dictionary<string, (DataFrameColumn Column, double[] Expected)> Columns = new()
    {
        ["bool"] = (new BooleanDataFrameColumn("a", [true, false, true]), [1, 0, 1]),
        ["byte"] = (new ByteDataFrameColumn("a", new byte[] { 0, 1, 255 }), [0, 1, 255]),
        ["sbyte"] = (new SByteDataFrameColumn("a", new sbyte[] { -128, 0, 127 }), [-128, 0, 127]),
        ["short"] = (new Int16DataFrameColumn("a", new short[] { short.MinValue, 0, short.MaxValue }), [-32768, 0, 32767]),
        ["ushort"] = (new UInt16DataFrameColumn("a", new ushort[] { 0, 1, ushort.MaxValue }), [0, 1, 65535]),
        ["int"] = (new Int32DataFrameColumn("a", [int.MinValue, -7, 1 << 24]), [int.MinValue, -7, 1 << 24]),
        ["uint"] = (new UInt32DataFrameColumn("a", new uint[] { 0, 7, 1u << 31 }), [0, 7, 1u << 31]),
        ["long"] = (new Int64DataFrameColumn("a", [long.MinValue, -7, 1L << 40]), [long.MinValue, -7, 1L << 40]),
        ["ulong"] = (new UInt64DataFrameColumn("a", new ulong[] { 0, 7, 1UL << 63 }), [0, 7, 1UL << 63]),
        ["float"] = (new SingleDataFrameColumn("a", [0.1f, float.NaN, float.PositiveInfinity]), [0.1f, double.NaN, double.PositiveInfinity]),
        ["double"] = (new DoubleDataFrameColumn("a", [0.1, double.NaN, 1e300]), [0.1, double.NaN, 1e300]),
        ["decimal"] = (new DecimalDataFrameColumn("a", [0.1m, -2m, 1e20m]), [0.1, -2, 1e20]),
    };

    [Theory, MemberData(nameof(Types))]
    public void Every_column_of_numbers_becomes_a_column_of_a_tensor(string type)
    {
        var (column, expected) = Columns[type];
        using var single = new DataFrame(column).ToTensor();
        using var both = new DataFrame(column).ToTensor(float64);
        Assert.Equal((float32, float64), (single.dtype, both.dtype));
        Assert.Equal(new long[] { 3, 1 }, both.shape);
        Assert.Equal(expected, both.ToDoubles());
        Assert.Equal([.. expected.Select(value => (double)(float)value)], single.ToDoubles());
    }

    [Fact]
    public void Columns_come_in_the_order_they_are_named_or_else_in_the_order_of_the_frame()
    {
        var frame = new DataFrame(new Int32DataFrameColumn("a", [1, 2]), new SingleDataFrameColumn("b", [3, 4]), new StringDataFrameColumn("c", ["x", "y"]));
        Assert.Equal([3, 1, 4, 2], frame.ToTensor("b", "a").ToDoubles());
        frame.Columns.Remove("c");
        Assert.Equal([1, 3, 2, 4], frame.ToTensor().ToDoubles());
    }

    [Fact]
    public void A_table_needs_no_frame()
    {
        var table = new ColumnTable([TableColumn.Of("a", new[] { 1, 2 }), TableColumn.Of("b", new[] { 0.5, 1.5 })]);
        Assert.Equal([0.5, 1, 1.5, 2], table.Pick(["b", "a"], "columns").ToTensor(float32, "columns").ToDoubles());
    }

    [Fact]
    public void A_long_column_is_read_block_by_block()
    {
        var table = new ColumnTable([new TableColumn("a", typeof(int), 5, [new[] { 1, 2 }, new[] { 3 }, new[] { 4, 5 }], [])]);
        Assert.Equal([1, 2, 3, 4, 5], table.ToTensor(float32, "columns").ToDoubles());
        table = new([new TableColumn("a", typeof(int), 3, [new[] { 1, 2 }, new[] { 16_777_217 }], [])]);
        Assert.Contains("16777217 in row 2", Refused(() => table.ToTensor(float32, "columns")));
    }

    [Fact]
    public void Integers_that_a_precision_would_round_are_refused_with_their_row_and_the_remedy()
    {
        var frame = new DataFrame(new Int64DataFrameColumn("id", [1, (1L << 24) + 1, (1L << 24) + 2]));
        string message = Refused(() => frame.ToTensor());
        Assert.Contains("\"id\" (Int64) holds 16777217 in row 1", message);
        Assert.Contains("Float64", message);
        Assert.Equal([1, 16777217, 16777218], frame.ToTensor(float64).ToDoubles());

        Assert.Contains("9007199254740993", Refused(() => new DataFrame(new Int64DataFrameColumn("id", [-9007199254740993])).ToTensor(float64)));
        foreach (DataFrameColumn column in new DataFrameColumn[] { new Int32DataFrameColumn("a", [-16777217]), new UInt32DataFrameColumn("a", [uint.MaxValue]), new UInt64DataFrameColumn("a", [ulong.MaxValue]), new Int64DataFrameColumn("a", [long.MaxValue]) })
            Assert.Contains("would round", Refused(() => new DataFrame(column).ToTensor()));
    }

    [Fact]
    public void Missing_values_are_refused_with_their_columns_rows_and_number()
    {
        var frame = DataFrame.LoadCsvFromString(People);
        string message = Refused(() => frame.ToTensor("height", "weight"));
        Assert.Contains("\"height\" in 1 of 4 rows (3)", message);
        Assert.Contains("\"weight\" in 1 of 4 rows (1)", message);
        Assert.Contains("DropNulls", message);

        var many = new DataFrame(new DoubleDataFrameColumn("a", [null, 1, null, null, null]));
        Assert.Contains("\"a\" in 4 of 5 rows (0, 2, 3, ...)", Refused(() => many.ToTensor()));
    }

    [Fact]
    public void Columns_that_are_not_numbers_are_refused_by_name_and_type()
    {
        string message = Refused(() => DataFrame.LoadCsvFromString(People).ToTensor());
        Assert.Contains("\"sport\" (String), \"joined\" (DateTime).", message);
        var others = new DataFrame(new CharDataFrameColumn("a", 0), new ArrowStringDataFrameColumn("b"), new VBufferDataFrameColumn<float>("c"), new PrimitiveDataFrameColumn<TimeSpan>("d", 0));
        Assert.Contains("\"a\" (Char), \"b\" (String), \"c\" (VBuffer<Single>), \"d\" (TimeSpan).", Refused(() => others.ToTensor()));
    }

    [Fact]
    public void A_file_with_text_and_gaps_becomes_a_tensor_once_its_columns_are_named_and_its_gaps_dropped()
    {
        var frame = DataFrame.LoadCsvFromString(People);
        Assert.Equal([3, double.NaN, 1, 2], frame.ToTensor("left").ToDoubles());       // NaN in, NaN out

        var whole = new DataFrame(frame["height"], frame["weight"]).DropNulls();
        Assert.Equal([1.81f, 77.5, 1.75f, 58], whole.ToTensor("height", "weight").ToDoubles());
    }

    [Fact]
    public void Names_that_are_unknown_or_repeated_are_refused()
    {
        var frame = DataFrame.LoadCsvFromString("a,b\n1,2\n");
        Assert.Contains("no column \"c\", \"A\"; the columns are \"a\", \"b\"", Refused(() => frame.ToTensor("c", "a", "A")));
        Assert.Contains("\"b\" twice", Refused(() => frame.ToTensor("b", "a", "b")));
        Assert.Contains("it was Int64", Assert.Throws<ArgumentException>("dtype", () => frame.ToTensor(int64)).Message);
    }

    [Fact]
    public void A_frame_without_rows_is_an_empty_tensor_and_one_without_columns_is_refused()
    {
        Assert.Equal(new long[] { 0, 2 }, new DataFrame(new DoubleDataFrameColumn("a"), new Int32DataFrameColumn("b")).ToTensor().shape);
        Assert.Contains("no columns", Refused(() => new DataFrame().ToTensor()));
    }

    [Fact]
    public void A_dataset_takes_what_the_context_leaves()
    {
        var frame = DataFrame.LoadCsvFromString("height,weight,age\n1.5,77.5,24\n1.75,58,31\n");
        var data = frame.ToDataset(context: ["age"]);
        Assert.Equal([1.5, 77.5, 1.75, 58], data.X.ToDoubles());
        Assert.Equal([24, 31], data.Context!.ToDoubles());
        Assert.Equal(new long[] { 2, 1 }, data.Context!.shape);

        var swapped = frame.ToDataset(["weight"], ["age", "height"], float64);
        Assert.Equal([77.5, 58], swapped.X.ToDoubles());
        Assert.Equal([24, 1.5, 31, 1.75], swapped.Context!.ToDoubles());
        Assert.Equal(float64, swapped.Context!.dtype);
        Assert.Null(frame.ToDataset().Context);
    }

    [Fact]
    public void A_dataset_refuses_what_a_tensor_refuses_and_a_column_on_both_sides()
    {
        var frame = DataFrame.LoadCsvFromString(People);
        Assert.Contains("\"height\"", Assert.Throws<ArgumentException>("context", () => frame.ToDataset(["weight"], ["height"])).Message);
        Assert.Contains("\"sport\" (String)", Refused(() => frame.ToDataset(context: ["left"])));
        Assert.Contains("no column \"x\"", Assert.Throws<ArgumentException>("context", () => frame.ToDataset(context: ["x"])).Message);
        Assert.Contains("\"left\" is a column of x and of the context", Assert.Throws<ArgumentException>("context", () => frame.ToDataset(["left"], ["left"])).Message);
        Assert.Contains("none is left", Assert.Throws<ArgumentException>("context", () => new DataFrame(frame["left"]).ToDataset(context: ["left"])).Message);
    }

    [Theory]
    [InlineData(ScalarType.Float32, typeof(float)), InlineData(ScalarType.Float64, typeof(double)), InlineData(ScalarType.Int64, typeof(long)), InlineData(ScalarType.Int32, typeof(int))]
    [InlineData(ScalarType.Int16, typeof(short)), InlineData(ScalarType.Int8, typeof(sbyte)), InlineData(ScalarType.Byte, typeof(byte)), InlineData(ScalarType.Bool, typeof(bool))]
    [InlineData(ScalarType.Float16, typeof(float)), InlineData(ScalarType.BFloat16, typeof(float))]
    public void A_tensor_keeps_its_type_and_values_through_a_frame(ScalarType dtype, Type type)
    {
        using var values = tensor(new double[] { 0, 1, 2, 100, 7, 64 }).reshape(3, 2).to(dtype);
        var frame = values.ToDataFrame("a", "b");
        Assert.Equal(["a", "b"], frame.Columns.Select(column => column.Name));
        Assert.All(frame.Columns, column => Assert.Equal((type, 0L), (column.DataType, column.NullCount)));
        Assert.Equal(values.ToDoubles(), frame.ToTensor(float64).ToDoubles());
    }

    [Fact]
    public void Floats_survive_a_frame_bit_for_bit()
    {
        manual_seed(1);
        using var values = randn(100, 3) * 1e-30;
        values[5, 1] = float.NaN;
        using var back = values.ToDataFrame().ToTensor();
        Assert.Equal(values.bytes.ToArray(), back.bytes.ToArray());
    }

    [Fact]
    public void A_frame_made_of_a_tensor_can_be_changed_like_any_other()
    {
        var frame = arange(100, int64).ToDataFrame("n");
        frame["n"][70] = null;
        frame["n"][71] = 5L;
        Assert.Equal(1, frame["n"].NullCount);
        Assert.Equal([69L, null, 5L, 72L], Enumerable.Range(69, 4).Select(row => frame["n"][row]));
        frame.Append(new List<object> { 100L }, inPlace: true);
        Assert.Equal(100L, frame["n"][100]);
        Assert.Equal(200L, (frame["n"] * 2L)[100]);
        Assert.Equal(99L, frame.DropNulls().OrderByDescending("n").Head(2)["n"][1]);
    }

    [Fact]
    public void A_vector_is_one_column_and_columns_without_names_are_numbered()
    {
        Assert.Equal("x1", Assert.Single(zeros(2).ToDataFrame().Columns).Name);
        Assert.Equal(["x1", "x2", "x3"], zeros(2, 3).ToDataFrame().Columns.Select(column => column.Name));
        Assert.Equal(0, zeros(0, 2).ToDataFrame().Rows.Count);
    }

    [Fact]
    public void A_tensor_with_gradients_or_strides_becomes_a_frame_and_leaves_no_tensor()
    {
        using var scope = NewDisposeScope();
        using var values = arange(6, float32, requires_grad: true);
        using var turned = values.reshape(2, 3).t();
        long before = scope.DisposablesCount;
        var frame = turned.ToDataFrame();
        Assert.Equal([0f, 1f, 2f], frame["x1"].Cast<float>());
        Assert.Equal(before, scope.DisposablesCount);
        frame.ToTensor();
        Assert.Equal(before + 1, scope.DisposablesCount);
    }

    [Fact]
    public void Tensors_that_are_no_table_are_refused()
    {
        Assert.Contains("it was (2, 3, 4)", Assert.Throws<ArgumentException>("values", () => zeros(2, 3, 4).ToDataFrame()).Message);
        Assert.Contains("it was (2, 0)", Assert.Throws<ArgumentException>("values", () => zeros(2, 0).ToDataFrame()).Message);
        Assert.Throws<ArgumentException>("values", () => zeros(2, 2, complex64).ToDataFrame());
        Assert.Throws<ArgumentException>("values", () => zeros(2, 2).to_sparse().ToDataFrame());
        Assert.Throws<ArgumentException>("values", () => zeros(2, 2, device: META).ToDataFrame());
        Assert.Contains("3 columns and 2 names", Assert.Throws<ArgumentException>("names", () => zeros(2, 3).ToDataFrame("a", "b")).Message);
        Assert.Contains("\"a\" twice", Assert.Throws<ArgumentException>("names", () => zeros(2, 2).ToDataFrame("a", "a")).Message);
        Assert.Contains("blank", Assert.Throws<ArgumentException>("names", () => zeros(2, 2).ToDataFrame("a", " ")).Message);
    }

    [Fact]
    public void Draws_go_to_a_file_and_come_back()
    {
        using var stream = new MemoryStream();
        DataFrame.SaveCsv(tensor(new[] { 1.5f, -2, 0.25f, 1e-7f }).reshape(2, 2).ToDataFrame("height", "weight"), stream);
        stream.Position = 0;
        Assert.Equal([1.5, -2, 0.25, 1e-7f], DataFrame.LoadCsv(stream).ToTensor("height", "weight").ToDoubles());
    }

    private static string Refused(Func<object> call) => Assert.Throws<ArgumentException>("columns", call).Message;
}
