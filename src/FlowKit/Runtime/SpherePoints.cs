using System.Globalization;
using System.Runtime.CompilerServices;

namespace FlowKit;

/// <summary>Points of the unit sphere S^D as vectors of D + 1 coordinates, (B, D + 1): which vectors are taken for points, and for which.</summary>
/// <remarks>
/// A vector whose norm differs from 1 by at most <see cref="Tolerance"/> is a point that was rounded, and stands for x / |x|. Any other is off the sphere:
/// transforms and trainings refuse it, densities are zero there. NaN in, NaN out.
/// </remarks>
internal static class SpherePoints
{
    /// <summary>How far a norm may be from 1.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>x / |x|, also of points in more dimensions, (..., D + 1).</summary>
    /// <exception cref="ArgumentException">A row is off the sphere.</exception>
    public static Tensor Project(Tensor x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        var norm = Norm(x);
        Refuse(norm, name);
        return x / norm;
    }

    /// <summary>Refuses rows off the sphere; the largest distance of a norm from 1.</summary>
    /// <exception cref="ArgumentException">A row is off the sphere.</exception>
    public static double Check(Tensor x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var norm = Norm(x.is_floating_point() ? x : x.to(float64));
        Refuse(norm, name);
        return norm.size(0) == 0 ? 0 : (norm - 1).abs().max().ToDouble();
    }

    /// <summary>Whether no row is off the sphere.</summary>
    public static bool HoldAll(Tensor x)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return !IsOff(Norm(x)).any().ToBoolean();
    }

    /// <summary>ln p at the points, (B), and -inf for rows off the sphere.</summary>
    /// <param name="x">(B, D + 1), real numbers of any size.</param>
    /// <param name="logProb">The formula, (B, D + 1) to (B); it is given points of the sphere.</param>
    public static Tensor LogProb(Tensor x, Func<Tensor, Tensor> logProb)
    {
        var off = IsOff(Norm(x));
        var near = where(off, FirstAxis(x), x);
        return logProb(near / Norm(near)).masked_fill(off.squeeze(1), double.NegativeInfinity);
    }

    /// <summary>Which of x and -x a row is, (B, 1): 1 or -1, the sign of its first coordinate that is not 0; 0 at the origin.</summary>
    public static Tensor Side(Tensor x)
    {
        var sign = x.detach().sign();
        return sign.gather(1, sign.ne(0).to(int64).argmax(1, keepdim: true));
    }

    /// <summary>The point (1, 0, ..., 0), as one row of the size and kind of x.</summary>
    public static Tensor FirstAxis(Tensor x) => eye(1, x.size(1), dtype: x.dtype, device: x.device);

    private static Tensor Norm(Tensor x) => x.norm(-1, keepdim: true);        // (B, 1)

    // Of norms; false for NaN.
    private static Tensor IsOff(Tensor norm) => (norm - 1).abs().gt(Tolerance);

    private static void Refuse(Tensor norm, string name)
    {
        using var scope = NewDisposeScope();
        norm = norm.detach().flatten();
        var off = IsOff(norm);
        if (!off.any().ToBoolean()) return;

        long row = off.to(int64).argmax().ToInt64();
        string found = norm[row].ToDouble().ToString("G6", CultureInfo.InvariantCulture);
        throw new ArgumentException($"{name} has norm {found} in row {row}; expected points of the unit sphere, norm 1 within {Tolerance:G1}. Divide by the norm: {name} / {name}.norm(-1, keepdim: true).", name);
    }
}
