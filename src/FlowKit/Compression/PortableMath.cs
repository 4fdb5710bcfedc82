namespace FlowKit.Compression;

/// <summary>Functions that give the same bits on every processor, since they consist of the operations that IEEE 754 defines to the last bit: + - * / of float64, never fused, and comparisons.</summary>
/// <remarks>
/// A C library's exp differs from system to system in its last bit, and a decoder's tables have to be the encoder's. The compiler neither reorders nor fuses these operations.
/// Relative errors are below 1e-14.
/// </remarks>
internal static class PortableMath
{
    private const int Terms = 16;                         // 0.35^17 / 17! is below 1e-22
    private const double Largest = 700;

    /// <summary>e^x; x beyond ±700 is taken as ±700.</summary>
    public static double Exp(double x)
    {
        x = x < -Largest ? -Largest : x > Largest ? Largest : x;
        // e^x = 2^n e^y with |y| <= ln 2 / 2; powers of two are exact. The series of e^y converges quickly.
        const double ln2High = 0.693147180369123816490, ln2Low = 1.90821492927058770002e-10;     // their sum is ln 2; n ln2High is exact
        int n = (int)(x / (ln2High + ln2Low) + (x < 0 ? -0.5 : 0.5));
        double y = x - n * ln2High - n * ln2Low;
        double sum = 1;
        for (int k = Terms; k >= 1; k--) sum = 1 + sum * y / k;
        return sum * PowerOfTwo(n);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    public static double Sigmoid(double x)
    {
        double e = Exp(x < 0 ? x : -x);
        return x < 0 ? e / (1 + e) : 1 / (1 + e);
    }

    /// <summary>2^n, n in -1022..1023.</summary>
    public static double PowerOfTwo(int n) => BitConverter.Int64BitsToDouble((long)(n + 1023) << 52);
}
