namespace FlowKit.Compression;

/// <summary>A discretized logistic, or a mixture of them, on whole numbers as the coder uses it: parameters in whole steps, frequencies out of 2^22.</summary>
/// <remarks>
/// <para>Within the window, where some component has more than e^-16 of its mass left, value k has frequency floor(M(k + 1) T) - floor(M(k) T) + 1 >= 1: M is the mixture's distribution function, in whole
/// numbers, and T what the window's n values and the escape leave of 2^22. All other numbers go through the escape.</para>
/// <para>Frequencies depend on whole numbers only, hence are the same on every processor. What the grids of mean (1/64), ln s (1/16) and weights (2^-14) cost is measured in the tests.</para>
/// </remarks>
internal sealed class LogisticLaw
{
    /// <summary>Frequencies are out of 2^22.</summary>
    public const int Precision = 22;

    /// <summary>Logarithms of weights are multiples of 1/32.</summary>
    public const int WeightSteps = 32;

    private const int WeightBits = 14, EscapeFrequency = 2, FarthestMean = 1 << 14, FarthestWeight = 16 * WeightSteps;

    private static readonly double[] weightOf = [.. Enumerable.Range(0, FarthestWeight + 1).Select(i => PortableMath.Exp(-i / (double)WeightSteps))];

    private readonly LogisticTable[] tables;
    private readonly int[] wholes;                        // whole part of each component's mean
    private readonly int[] weights;                       // out of 2^14
    private int components;
    private int first, last;
    private long shared;

    /// <summary>A law with room for that many components, to be set.</summary>
    public LogisticLaw(int most) => (tables, wholes, weights) = (new LogisticTable[most], new int[most], new int[most]);

    /// <summary>Becomes the law of these parameters: logarithms of weights (empty for one component), means and log-scales, in steps.</summary>
    public LogisticLaw Set(ReadOnlySpan<int> logWeights, ReadOnlySpan<int> means, ReadOnlySpan<int> scales)
    {
        components = means.Length;
        SetWeights(logWeights);
        (first, last) = (int.MaxValue, int.MinValue);
        for (int k = 0; k < components; k++)
        {
            int mean = Math.Clamp(means[k], -FarthestMean * LogisticTable.MeanSteps, FarthestMean * LogisticTable.MeanSteps);
            wholes[k] = mean >> 6;                        // rounds down, also below 0
            tables[k] = LogisticTable.Of(mean & (LogisticTable.MeanSteps - 1), scales[k]);
            if (weights[k] == 0) continue;
            first = Math.Min(first, wholes[k] - tables[k].Radius);
            last = Math.Max(last, wholes[k] + tables[k].Radius);
        }
        shared = (1 << Precision) - (last - first + 1) - EscapeFrequency;
        return this;
    }

    /// <summary>Appends a value.</summary>
    public void Push(RansEncoder encoder, int value)
    {
        bool escapes = value < first || value > last;
        uint start = escapes ? Start(last + 1) : Start(value);
        encoder.Push(start, escapes ? EscapeFrequency : Start(value + 1) - start);
        if (escapes) EscapeCode.Push(encoder, value, first, last);
    }

    /// <summary>Reads a value.</summary>
    /// <exception cref="InvalidDataException">The data are damaged.</exception>
    public int Pull(RansDecoder decoder)
    {
        uint at = decoder.Peek();
        uint end = Start(last + 1);
        if (at >= end)
        {
            decoder.Advance(end, EscapeFrequency);
            long value = EscapeCode.Pull(decoder, first, last);
            return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new InvalidDataException("A coded number does not fit into 32 bits: the data are damaged.");
        }

        // The value v with Start(v) <= at < Start(v + 1).
        var (low, high) = (first, last + 1);
        while (high - low > 1)
        {
            int middle = (low + high) >> 1;
            if (Start(middle) <= at) low = middle;
            else high = middle;
        }
        uint start = Start(low);
        decoder.Advance(start, Start(low + 1) - start);
        return low;
    }

    /// <summary>-log2 of the value's probability, in bits, an escape's digits included.</summary>
    public double BitsOf(int value) => value < first || value > last
        ? Precision - Math.Log2(EscapeFrequency) + EscapeCode.Bits(value, first, last)
        : Precision - Math.Log2(Start(value + 1) - Start(value));

    /// <summary>The mean rounded to a whole number: what stands for a value that is not decoded.</summary>
    public int Center()
    {
        long sum = 0;
        for (int k = 0; k < components; k++) sum += (long)weights[k] * wholes[k];
        return (int)((sum + (1 << (WeightBits - 1))) >> WeightBits);
    }

    // Where the interval of a value in first..last + 1 begins; strictly increasing.
    private uint Start(int value)
    {
        if (components == 1) return (uint)(((long)tables[0].Below(value - wholes[0]) * shared >> LogisticTable.Bits) + (value - first));
        long below = 0;
        for (int k = 0; k < components; k++)
            if (weights[k] > 0) below += (long)weights[k] * tables[k].Below(value - wholes[k]);
        return (uint)((below * shared >> (LogisticTable.Bits + WeightBits)) + (value - first));
    }

    // Softmax by portable operations; what rounding leaves goes to the heaviest.
    private void SetWeights(ReadOnlySpan<int> logs)
    {
        weights[0] = 1 << WeightBits;
        if (components == 1) return;
        int heaviest = 0;
        for (int k = 1; k < components; k++)
            if (logs[k] > logs[heaviest]) heaviest = k;
        Span<double> each = stackalloc double[components];
        double total = 0;
        for (int k = 0; k < components; k++) total += each[k] = weightOf[(int)Math.Min((long)logs[heaviest] - logs[k], FarthestWeight)];
        int left = 1 << WeightBits;
        for (int k = 0; k < components; k++) left -= weights[k] = (int)(each[k] / total * (1 << WeightBits));
        weights[heaviest] += left;
    }
}
