using System.Runtime.CompilerServices;

namespace FlowKit.Transforms;

/// <summary>Data of K levels, the whole numbers 0..K-1, for the layers that dequantize them.</summary>
internal static class Levels
{
    private const int Most = 65536;           // float32 tells some hundred places in a cell of this many apart

    /// <summary>A number of levels that float32 has room for.</summary>
    public static int Check(int levels) => levels is >= 2 and <= Most
        ? levels
        : throw new ArgumentOutOfRangeException(nameof(levels), levels, $"Expected 2 to {Most} levels.");

    /// <summary>x as real numbers with 0 for those outside 0..K-1, and what that adds to a row's log-determinant: 0, or -inf for a row that holds one. NaN stays.</summary>
    /// <exception cref="ArgumentException">x holds a number that is not whole: data scaled to [0, 1], or dequantized before.</exception>
    public static (Tensor Real, Tensor Outside) Read(Tensor x, int levels, ScalarType dtype, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        var real = x.to(dtype);
        if (x.is_floating_point())
        {
            var broken = real.ne(real.floor()).logical_and_(real.isnan().logical_not_());
            if (broken.any().ToBoolean())
                throw new ArgumentException($"{name} holds {real.masked_select(broken)[0].ToDouble():G4}; dequantization takes whole numbers 0..{levels - 1}, as pixels come, not scaled ones.", name);
        }
        var outside = real.lt(0).logical_or_(real.gt(levels - 1));
        var nothing = zeros([x.size(0)], dtype: dtype, device: x.device);
        return (real.masked_fill(outside, 0), x.size(0) == 0 ? nothing : nothing.masked_fill(outside.reshape(x.size(0), -1).any(1), double.NegativeInfinity));
    }
}
