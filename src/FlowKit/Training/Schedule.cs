namespace FlowKit.Training;

/// <summary>The learning rate's course: a factor on the base rate as a function of progress t in [0, 1].</summary>
/// <param name="Factor">t to a factor >= 0.</param>
public sealed record Schedule(Func<double, double> Factor)
{
    /// <summary>1 throughout.</summary>
    public static Schedule Constant { get; } = new(_ => 1);

    /// <summary>(1 + cos(pi t)) / 2: from 1 to 0 (Loshchilov, Hutter 2017, arXiv:1608.03983, eq. 5).</summary>
    public static Schedule Cosine { get; } = new(t => (1 + Math.Cos(Math.PI * t)) / 2);

    /// <summary>Rises linearly from 0 over the first part of the training, then falls as the cosine.</summary>
    /// <param name="fraction">The part spent rising, in (0, 1).</param>
    public static Schedule WarmUpCosine(double fraction) => fraction is > 0 and < 1
        ? new(t => t < fraction ? t / fraction : Cosine.Factor((t - fraction) / (1 - fraction)))
        : throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "Expected a fraction in (0, 1).");
}
