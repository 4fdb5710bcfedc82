namespace FlowKit.Transforms;

/// <summary>The monotone rational-quadratic spline of K bins that carries [Low, High] onto itself. theta = (K widths, K heights, slopes), raw.</summary>
/// <remarks>
/// <para>In a bin of width w, height h and slope s = h/w, with end slopes d_0 and d_1, xi in [0, 1] the place in the bin and m = 1 - xi,
/// y = y_k + h A / (A + B) with A = xi (xi + m d_0/s), B = m (m + xi d_1/s): eq. 4 of Durkan et al. 2019, arXiv:1906.04032, divided by s.
/// dy/dx = s (xi (m + xi d_1/s) + m (xi + m d_0/s)) / (A + B)²: every term is >= 0, so nothing cancels.</para>
/// <para>Inverse: with t = (y - y_k)/h, the ratio xi : m solves (1-t) rho² + b rho - t = 0, b = (1-t) d_0/s - t d_1/s. Its discriminant b² + 4 t (1-t) is a sum of
/// two terms >= 0, and the root is taken in the form that does not cancel.</para>
/// <para>Widths and heights are at least 1e-3 of the interval, slopes at least 1e-3. A slope is softplus(d + c) + 1e-3 with c such that d = 0 gives 1:
/// the common softplus(d) + 1e-3 is 0.694 there, no identity.</para>
/// <para>Outside [Low, High]: the identity, or the nearer end with log-slope -inf, as <see cref="SplineEnds"/> says.</para>
/// </remarks>
internal readonly record struct RationalQuadraticSpline(int Bins, double Low, double High, SplineEnds Ends)
{
    /// <summary>Least width and height of a bin as a share of the interval, and least slope at a knot.</summary>
    public const double Minimum = 1e-3;

    private const int MostBins = 500;

    /// <summary>c: what a raw slope is shifted by, so that 0 means slope 1.</summary>
    public static readonly double SlopeShift = Math.Log(Math.Exp(1 - Minimum) - 1);

    /// <summary>High - Low.</summary>
    public double Range => High - Low;

    /// <summary>2 K and the free slopes.</summary>
    public int ParameterCount => 2 * Bins + Ends switch { SplineEnds.Identity => Bins - 1, SplineEnds.Free => Bins + 1, _ => Bins };

    /// <summary>A number of bins that leaves each more than its least width.</summary>
    public static int CheckBins(int bins) => bins is >= 2 and <= MostBins
        ? bins
        : throw new ArgumentOutOfRangeException("Bins", bins, $"Expected 2 to {MostBins} bins.");

    /// <summary>y and ln dy/dx.</summary>
    public (Tensor Y, Tensor LogSlope) Forward(Tensor x, Tensor theta) => Apply(x, theta, inverse: false);

    /// <summary>x and ln dx/dy.</summary>
    public (Tensor X, Tensor LogSlope) Inverse(Tensor y, Tensor theta) => Apply(y, theta, inverse: true);

    // Some forty kernels, most on a few hundred numbers, take four times as long as one loop that does it all.
    private (Tensor, Tensor) Apply(Tensor at, Tensor theta, bool inverse) => SplineFunction.Takes(at, theta)
        ? SplineFunction.Apply(this, at, theta, inverse)
        : SplineKernels.Apply(this, at, theta, inverse);
}
