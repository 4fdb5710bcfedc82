namespace FlowKit.Distributions;

/// <summary>The support of integer data, {low, ..., high}; the data may have any dtype.</summary>
internal static class IntegerInterval
{
    /// <summary>x in the precision of theta with 0 wherever it is not a whole number of [low, high], and where that is. NaN stays NaN.</summary>
    public static (Tensor K, Tensor Outside) Check(Tensor x, Tensor theta, double low, double high)
    {
        var k = x.is_floating_point() ? x : x.to(theta.dtype);
        var outside = k.lt(low).logical_or(k.gt(high)).logical_or(k.ne(k.floor()).logical_and(k.isnan().logical_not()));
        return (k.masked_fill(outside, 0), outside);
    }
}
