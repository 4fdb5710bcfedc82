namespace FlowKit.Tests;

public class EstimateTests
{
    [Fact]
    public void A_few_values_have_their_mean_and_its_standard_error()
    {
        var estimate = Estimate.Of([1.0, 2, 3, 6]);
        Assert.Equal(3, estimate.Mean, 1e-15);
        Assert.Equal(Math.Sqrt((4 + 1 + 0 + 9) / 3.0 / 4), estimate.StandardError, 1e-15);
        Assert.Equal(4, estimate.Count);
        Assert.True(double.IsNaN(Estimate.Of([5.0]).StandardError));
        Assert.Throws<ArgumentException>("values", () => Estimate.Of([]));
    }
}
