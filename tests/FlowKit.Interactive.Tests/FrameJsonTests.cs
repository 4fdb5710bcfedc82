using FlowKit.Interactive.Formatting;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;

namespace FlowKit.Interactive.Tests;

[Collection(nameof(FlowKitExtension))]
public class FrameJsonTests
{
    [Fact]
    public void A_frame_is_one_object_a_row_with_its_names_and_types()
    {
        FlowKitExtension.Load();
        var frame = new DataFrame(
            new DoubleDataFrameColumn("x", [0.1, double.NaN]), new SingleDataFrameColumn("f", [0.1f, float.PositiveInfinity]), new Int64DataFrameColumn("n", [long.MaxValue, -1]),
            new UInt64DataFrameColumn("u", [ulong.MaxValue, 0]), new DecimalDataFrameColumn("d", [1.10m, 2m]), new BooleanDataFrameColumn("b", new bool?[] { true, null }),
            new StringDataFrameColumn("s", new[] { "a \"quoted\"", null }), new DateTimeDataFrameColumn("t", [new(2020, 1, 2), new(2021, 1, 2)]));
        Assert.Equal(
            """[{"x":0.1,"f":0.1,"n":9223372036854775807,"u":18446744073709551615,"d":1.10,"b":true,"s":"a \u0022quoted\u0022","t":"2020-01-02T00:00:00"},"""
            + """{"x":null,"f":null,"n":-1,"u":0,"d":2,"b":null,"s":null,"t":"2021-01-02T00:00:00"}]""", Formatter.ToDisplayString(frame, Mime.Json));
        Assert.Equal("[]", Formatter.ToDisplayString(new DataFrame(), Mime.Json));
    }
}
