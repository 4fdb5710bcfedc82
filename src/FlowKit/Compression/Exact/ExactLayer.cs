using System.Runtime.Intrinsics;

namespace FlowKit.Compression;

/// <summary>A convolution of 1x1 or 3x3, or a linear layer, in whole numbers: y = floor(2^-e (W a + b) + 1/2), clamped. The same on every machine.</summary>
/// <remarks>
/// <para>Activations a are whole multiples of 2^-12, weights 16-bit numbers, and each output has its exponent e. The constructor makes sure that |W| max|a| + |b| + 2^(e-1) is below 2^53 for every output: all
/// products, partial sums and the rounding are then exact in float64, so that the order of summation, threads, the width of vectors and fused operations change nothing.</para>
/// <para>Planes: a row of an image is followed by one column of zeros, an image by one row of zeros, which serve as padding of both neighbors.</para>
/// </remarks>
internal sealed unsafe class ExactLayer
{
    /// <summary>Activations are multiples of 2^-12.</summary>
    public const int Fraction = 12;

    /// <summary>The greatest activation, in steps: 256.</summary>
    public const double Greatest = (1 << 20) - 1;

    /// <summary>The greatest output of a network, in whole numbers.</summary>
    public const double GreatestOutput = 1 << 24;

    /// <summary>The most positions a block of the kernel takes; planes are multiples of it.</summary>
    public const int Block = 3 * 8;

    private const int Rows = 4;                           // outputs of a block

    /// <summary>Bits of the registers used: the widest that the processor has. Tests compare the others.</summary>
    internal static int Width { get; set; } = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    private readonly double[] packed;                     // (Outputs / 4, Inputs, Taps, 4)
    private readonly double[] scale, bias;                // 2^-e; b 2^-e + 1/2

    /// <summary>A layer.</summary>
    /// <param name="weights">(Outputs, Inputs, taps), row by row.</param>
    /// <param name="biases">(Outputs).</param>
    /// <param name="exponents">(Outputs), 0..40.</param>
    /// <param name="inputs">Planes read.</param>
    /// <param name="kernel">1 or 3.</param>
    /// <param name="from">Where it reads.</param>
    /// <param name="to">Where it writes.</param>
    /// <param name="rectifies">Whether negative outputs become 0.</param>
    /// <exception cref="InvalidDataException">Sums could exceed 2^53, or the sizes contradict each other.</exception>
    public ExactLayer(short[] weights, long[] biases, byte[] exponents, int inputs, int kernel, LayerSource from, LayerTarget to, bool rectifies)
    {
        (Weights, Biases, Exponents, Inputs, Kernel, From, To, Rectifies) = (weights, biases, exponents, inputs, kernel, from, to, rectifies);
        if (inputs < 1 || biases.Length == 0 || kernel is not (1 or 3) || exponents.Length != Outputs || weights.Length != (long)Outputs * inputs * Taps || exponents.Any(e => e > 40))
            throw new InvalidDataException($"A layer of {Outputs} outputs, {inputs} inputs and kernel {kernel} has {weights.Length} weights and {exponents.Length} exponents.");

        int row = inputs * Taps;
        packed = new double[(Outputs + Rows - 1) / Rows * Rows * row];
        (scale, bias) = (new double[Outputs], new double[Outputs]);
        for (int o = 0; o < Outputs; o++)
        {
            long sum = 0;
            for (int i = 0; i < row; i++)
            {
                short w = weights[o * row + i];
                sum += Math.Abs((int)w);
                packed[(o / Rows * row + i) * Rows + o % Rows] = w;
            }
            double bound = sum * Greatest + Math.Abs((double)biases[o]) + (1L << exponents[o]);
            if (!(bound < 1L << 53)) throw new InvalidDataException($"Output {o} of a layer could sum to {bound:G3}; expected less than 2^53, where float64 is exact.");
            scale[o] = PortableMath.PowerOfTwo(-exponents[o]);
            bias[o] = biases[o] * scale[o] + 0.5;         // exact: b + 2^(e-1) is a whole number below 2^53
        }
    }

    public short[] Weights { get; }

    public long[] Biases { get; }

    public byte[] Exponents { get; }

    public int Inputs { get; }

    public int Outputs => Biases.Length;

    public int Kernel { get; }

    public LayerSource From { get; }

    public LayerTarget To { get; }

    public bool Rectifies { get; }

    private int Taps => Kernel * Kernel;

    private double MostOf => To == LayerTarget.Output ? GreatestOutput : Greatest;

    private double Least => Rectifies ? 0 : -MostOf;

    /// <summary>Computes all outputs.</summary>
    /// <param name="from">Plane 0; planes are <paramref name="plane"/> apart, with margins of a row and a column on both sides.</param>
    /// <param name="to">Plane 0 of the outputs.</param>
    /// <param name="mask">1 at pixels, 0 at padding.</param>
    /// <param name="plane">Numbers from one plane to the next.</param>
    /// <param name="positions">Numbers computed, a multiple of <see cref="Block"/>.</param>
    /// <param name="stride">Numbers from one row of an image to the next.</param>
    public void Apply(double* from, double* to, double* mask, nint plane, int positions, int stride)
    {
        nint* offsets = stackalloc nint[9];
        for (int t = 0; t < Taps; t++) offsets[t] = Kernel == 1 ? 0 : (t / 3 - 1) * stride + t % 3 - 1;
        switch (Width)
        {
            case 512: Run<Vector512<double>, Lanes512>(from, to, mask, plane, positions, offsets); break;
            case 256: Run<Vector256<double>, Lanes256>(from, to, mask, plane, positions, offsets); break;
            default: Run<Vector128<double>, Lanes128>(from, to, mask, plane, positions, offsets); break;
        }
    }

    // Four outputs times three registers of positions at a time: twelve sums that stay in registers.
    private void Run<V, T>(double* from, double* to, double* mask, nint plane, int positions, nint* offsets) where V : struct where T : struct, ILanes<V>
    {
        int lanes = T.Count, row = Inputs * Taps, taps = Taps, inputs = Inputs;
        fixed (double* weights = packed)
            for (int o = 0; o < Outputs; o += Rows)
                for (int p = 0; p < positions; p += 3 * lanes)
                {
                    V a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
                    V c0 = default, c1 = default, c2 = default, d0 = default, d1 = default, d2 = default;
                    double* w = weights + (nint)o * row;
                    double* x = from + p;
                    for (int i = 0; i < inputs; i++, x += plane)
                        for (int t = 0; t < taps; t++, w += Rows)
                        {
                            double* at = x + offsets[t];
                            V x0 = T.Load(at), x1 = T.Load(at + lanes), x2 = T.Load(at + 2 * lanes);
                            V v = T.Of(w[0]);
                            a0 = T.MultiplyAdd(v, x0, a0);
                            a1 = T.MultiplyAdd(v, x1, a1);
                            a2 = T.MultiplyAdd(v, x2, a2);
                            v = T.Of(w[1]);
                            b0 = T.MultiplyAdd(v, x0, b0);
                            b1 = T.MultiplyAdd(v, x1, b1);
                            b2 = T.MultiplyAdd(v, x2, b2);
                            v = T.Of(w[2]);
                            c0 = T.MultiplyAdd(v, x0, c0);
                            c1 = T.MultiplyAdd(v, x1, c1);
                            c2 = T.MultiplyAdd(v, x2, c2);
                            v = T.Of(w[3]);
                            d0 = T.MultiplyAdd(v, x0, d0);
                            d1 = T.MultiplyAdd(v, x1, d1);
                            d2 = T.MultiplyAdd(v, x2, d2);
                        }
                    Finish<V, T>(o, to + p, mask + p, plane, a0, a1, a2);
                    Finish<V, T>(o + 1, to + p, mask + p, plane, b0, b1, b2);
                    Finish<V, T>(o + 2, to + p, mask + p, plane, c0, c1, c2);
                    Finish<V, T>(o + 3, to + p, mask + p, plane, d0, d1, d2);
                }
    }

    private void Finish<V, T>(int o, double* to, double* mask, nint plane, V s0, V s1, V s2) where V : struct where T : struct, ILanes<V>
    {
        if (o >= Outputs) return;
        V factor = T.Of(scale[o]), offset = T.Of(bias[o]), least = T.Of(Least), greatest = T.Of(MostOf);
        to += o * plane;
        T.Store(T.MultiplyAdd(T.FloorWithin(T.MultiplyAdd(s0, factor, offset), least, greatest), T.Load(mask), default), to);
        T.Store(T.MultiplyAdd(T.FloorWithin(T.MultiplyAdd(s1, factor, offset), least, greatest), T.Load(mask + T.Count), default), to + T.Count);
        T.Store(T.MultiplyAdd(T.FloorWithin(T.MultiplyAdd(s2, factor, offset), least, greatest), T.Load(mask + 2 * T.Count), default), to + 2 * T.Count);
    }
}
