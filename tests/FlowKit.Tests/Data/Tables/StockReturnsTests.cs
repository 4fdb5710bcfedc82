using FlowKit.Data;

namespace FlowKit.Tests.Data;

public class StockReturnsTests
{
    [Fact]
    public void Returns_are_logarithms_of_ratios_of_prices()
    {
        var returns = StockReturns.Load();
        Assert.Equal([1859L, 4], returns.Values.shape);
        Assert.Equal(float64, returns.Values.dtype);
        Assert.Equal(["DAX", "SMI", "CAC", "FTSE"], returns.Columns);
        Assert.Equal(Math.Log(1613.63 / 1628.75), returns["DAX"][0].ToDouble(), 14);
        Assert.Equal(Math.Log(2460.2 / 2443.6), returns["FTSE"][0].ToDouble(), 14);
        Assert.Equal(Math.Log(7676.3 / 1678.1), returns["SMI"].sum().ToDouble(), 12);     // the first day to the last
    }
}
