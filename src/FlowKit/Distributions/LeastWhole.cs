namespace FlowKit.Distributions;

/// <summary>Distribution functions of whole numbers and their quantiles.</summary>
internal static class LeastWhole
{
    /// <summary>The tails where floor(x) is in [low, high), nothing and all below and from high on.</summary>
    public static (Tensor Below, Tensor Above) Between(Tensor x, double low, double high, (Tensor Below, Tensor Above) tails)
    {
        var (none, all) = (x.lt(low), x.ge(high));
        return (tails.Below.masked_fill(none, double.NegativeInfinity).masked_fill(all, 0), tails.Above.masked_fill(none, 0).masked_fill(all, double.NegativeInfinity));
    }

    /// <summary>The least k of (low, high] with F(k) >= p, or with 1 - F(k) &lt;= p where <paramref name="upper"/>; an infinite high stays.</summary>
    public static Tensor Quantile(Family family, Tensor p, Tensor theta, bool upper, Scalar low, Scalar high) =>
        Quantile(family, p, theta, upper, full_like(p, low), full_like(p, high));

    /// <inheritdoc cref="Quantile(Family, Tensor, Tensor, bool, Scalar, Scalar)"/>
    public static Tensor Quantile(Family family, Tensor p, Tensor theta, bool upper, Tensor low, Tensor high)
    {
        using var none = no_grad();
        using var all = NewDisposeScope();
        var shape = p * 0 + theta.select(1, 0).nan_to_num(nan: 0, posinf: 0, neginf: 0) * 0;
        (low, high) = (low + shape, high + shape);
        var infinite = high.isinf();
        var end = high;
        (low, high) = (low.masked_fill(infinite, 0), high.masked_fill(infinite, 0));
        // The bounds are exact but for rounding, which can move them by some steps where F is nearly 1.
        var settled = infinite.logical_or(p.eq(upper ? 1 : 0));
        for (double width = 1; width < double.MaxValue / 4; width *= 2)
        {
            using var scope = NewDisposeScope();
            var (early, late) = (Reached(low).logical_and_(settled.logical_not()), Reached(high).logical_or_(settled).logical_not_());
            if (!early.logical_or(late).any().ToBoolean()) break;
            (low, high) = (where(early, low - width, low), where(late, high + width, high));
            scope.MoveToOuter(low, high);
        }
        while (true)
        {
            using var scope = NewDisposeScope();
            var middle = ((low + high) / 2).floor();
            var open = middle.gt(low).logical_and_(middle.lt(high));
            if (!open.any().ToBoolean()) break;

            var reached = Reached(middle);
            high = where(open.logical_and(reached), middle, high);
            low = where(open.logical_and(reached.logical_not()), middle, low);
            scope.MoveToOuter(low, high);
        }
        return all.MoveToOuter(where(infinite, end, high));

        Tensor Reached(Tensor k)
        {
            var (below, above) = family.LogTails(k, theta);
            return upper ? above.exp().le(p) : below.exp().ge(p);
        }
    }
}
