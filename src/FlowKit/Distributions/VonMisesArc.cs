namespace FlowKit.Distributions;

/// <summary>What a von Mises law holds on an arc, in logs and to relative precision, however little that is.</summary>
/// <remarks>
/// The arc is cut at the law's mode and antimode into at most three parts; on each the density falls from the end nearer the mode, and a Gauss-Legendre rule that stops where it has fallen
/// by e^-38 is exact to rounding for every concentration. All terms are positive. (Hill 1977, ACM TOMS 3, 279-284, sums a series instead, to absolute precision.)
/// </remarks>
internal static class VonMisesArc
{
    private const double Depth = 38;

    /// <summary>ln P(start &lt; D &lt; start + length) for the angle D from the mean, up to a full turn.</summary>
    /// <param name="start">In [-pi, pi].</param>
    /// <param name="length">Positive.</param>
    /// <param name="kappa">The concentration.</param>
    public static Tensor Log(Tensor start, Tensor length, Tensor kappa)
    {
        var before = start.lt(0);                                             // of the mode; the density rises first
        var first = where(before, -start, Math.PI - start);                   // to the end of this half turn
        Tensor[] parts = [where(length.le(first), length, first), (length - first).clamp(0, Math.PI), (length - first - Math.PI).clamp(0, Math.PI)];
        var rising = where(before, first, full_like(first, Math.PI));
        var distance = stack([                                                // of each part's nearer end from the mode, (3, ...)
            where(before, first - parts[0], start),
            where(before, zeros_like(start), Math.PI - parts[1]),
            where(before, Math.PI - parts[2], zeros_like(start))], dim: 0);
        var lengths = stack(parts, dim: 0);

        var sine = (distance / 2).sin().square();
        var height = (kappa * sine * -2).masked_fill(lengths.le(0), double.NegativeInfinity);
        var top = height.detach().amax([0]);
        var sum = ((height - top).exp() * Falling(distance, lengths, kappa)).sum(dim: 0);
        return top + sum.log() - SpecialFunctions.LogI0e(kappa) - Math.Log(2 * Math.PI);
    }

    // The integral over 0 < s < length of e^(kappa (cos(d + s) - cos d)), cos(d + s) - cos d = -2 sin(d + s / 2) sin(s / 2).
    private static Tensor Falling(Tensor distance, Tensor length, Tensor kappa)
    {
        var reach = Reach(distance.detach(), kappa.detach());
        var end = where(length.le(reach), length, reach);                     // unlike minimum's, its slope is whole where both are equal
        var (points, weights) = (TailIntegral.Points(end), TailIntegral.Weights(end));
        var half = end.unsqueeze(-1) * points / 2;
        var fall = (kappa.unsqueeze(-1) * (distance.unsqueeze(-1) + half).sin() * half.sin() * -2).exp();
        return (fall * weights).sum(dim: -1) * end;
    }

    // The s where kappa (cos d - cos(d + s)) = 38, if there is one: sin²((d + s) / 2) exceeds sin²(d / 2) by 19 / kappa.
    private static Tensor Reach(Tensor distance, Tensor kappa)
    {
        var (sine, cosine) = ((distance / 2).sin(), (distance / 2).cos().clamp_min(0));
        var rise = minimum(Depth / 2 / kappa, cosine.square());
        var far = (sine.square() + rise).sqrt() * cosine + sine * (cosine.square() - rise).clamp_min(0).sqrt();
        return where(rise.ge(cosine.square()), full_like(distance, double.PositiveInfinity), (rise / far.clamp_min(1e-300)).clamp_max(1).asin() * 2);
    }
}
