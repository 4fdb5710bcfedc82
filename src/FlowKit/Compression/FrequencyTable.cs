namespace FlowKit.Compression;

/// <summary>A law on whole numbers as a coder uses it: frequencies out of 2^r for first, first + 1, ..., and an escape with what is left, through which every other number can be coded.</summary>
/// <remarks>
/// An escaped number takes the escape's bits, one for its side, 6 for the number of its distance's binary digits, and those digits. A table from probabilities gives each of n values
/// 1 + floor(p (2^r - n)), within rounding: none is 0, and KL(p || f / 2^r) is about n / 2^r.
/// </remarks>
/// <example><code>
/// using FlowKit.Compression;
/// var table = FrequencyTable.Of([0.7, 0.2, 0.1], precision: 12);
/// var encoder = new RansEncoder(precision: 12);
/// foreach (long value in new long[] { 0, 2, -40, 1 }) table.Push(encoder, value);
/// var decoder = new RansDecoder(encoder.Finish(), precision: 12);
/// Console.WriteLine(string.Join(" ", Enumerable.Range(0, 4).Select(_ => table.Pull(decoder))));  // => 0 2 -40 1
/// Console.WriteLine($"{table.Bits(0):F2} bits, {table.Bits(-40):F0} bits");                      // => 0.52 bits, 24 bits
/// </code></example>
public sealed class FrequencyTable
{
    private readonly uint[] starts;                       // of each value, then the escape's, then 2^r
    private readonly int[] hints;                         // the interval at each 2^-10 of the whole, or finer
    private readonly long first;

    /// <summary>A table of given frequencies.</summary>
    /// <param name="frequencies">One for each of first, first + 1, ..., all >= 1; their sum is at most 2^r, and the rest is the escape's.</param>
    /// <param name="precision">r in 1..24.</param>
    /// <param name="first">The least value in the table.</param>
    /// <exception cref="ArgumentException">A frequency is below 1, there is none, or they sum to more than 2^r.</exception>
    public FrequencyTable(IReadOnlyList<int> frequencies, int precision, long first = 0)
    {
        ArgumentNullException.ThrowIfNull(frequencies);
        Precision = RansEncoder.CheckPrecision(precision);
        if (first is < -(1L << 53) or > 1L << 53) throw new ArgumentOutOfRangeException(nameof(first), first, "Expected a number in -2^53..2^53.");
        long sum = frequencies.Sum(f => (long)f);
        if (frequencies.Count == 0 || frequencies.Any(f => f < 1) || sum > 1L << precision)
            throw new ArgumentException($"Expected frequencies >= 1 that sum to at most {1 << precision}; got {frequencies.Count} of them, which sum to {sum}.", nameof(frequencies));

        this.first = first;
        starts = new uint[frequencies.Count + 2];
        for (int i = 0; i < frequencies.Count; i++) starts[i + 1] = starts[i] + (uint)frequencies[i];
        starts[^1] = 1U << precision;
        hints = new int[(1 << Math.Min(precision, HintBits)) + 1];
        for (int h = 0, i = 0; h < hints.Length; h++)
        {
            while (i < frequencies.Count && starts[i + 1] <= (uint)h << HintShift) i++;
            hints[h] = i;
        }
    }

    private const int HintBits = 10;

    private int HintShift => Math.Max(0, Precision - HintBits);

    /// <summary>r.</summary>
    public int Precision { get; }

    /// <summary>The least value in the table.</summary>
    public long First => first;

    /// <summary>The greatest value in the table.</summary>
    public long Last => first + starts.Length - 3;

    private bool HasEscape => starts[^1] > starts[^2];

    /// <summary>The table of a law, with an escape of frequency 1.</summary>
    /// <param name="probabilities">Of first, first + 1, ..., finite and >= 0, of any positive sum.</param>
    /// <param name="precision">r in 1..24.</param>
    /// <param name="first">The least value in the table.</param>
    /// <exception cref="ArgumentException">A probability is negative or not finite, all are 0, or there are 2^r or more.</exception>
    public static FrequencyTable Of(IReadOnlyList<double> probabilities, int precision, long first = 0)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        RansEncoder.CheckPrecision(precision);
        double total = probabilities.Sum();
        if (probabilities.Any(p => !(p >= 0)) || !(total > 0) || !double.IsFinite(total))
            throw new ArgumentException("Expected finite probabilities >= 0, not all of them 0.", nameof(probabilities));
        int shared = (1 << precision) - probabilities.Count - 1;
        if (shared < 0) throw new ArgumentException($"{probabilities.Count} values and an escape do not fit into frequencies out of {1 << precision}.", nameof(probabilities));

        // One rounded distribution function makes all frequencies: they are never negative, and their sum is right.
        int[] frequencies = new int[probabilities.Count];
        double below = 0;
        int before = 0;
        for (int i = 0; i < frequencies.Length; i++)
        {
            below += probabilities[i];
            int end = i == frequencies.Length - 1 ? shared : Math.Clamp((int)(below / total * shared), before, shared);
            frequencies[i] = end - before + 1;
            before = end;
        }
        return new(frequencies, precision, first);
    }

    /// <summary>Appends a value.</summary>
    /// <exception cref="ArgumentException">The encoder has another precision.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside of a table without escape.</exception>
    public void Push(RansEncoder encoder, long value)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        if (encoder.Precision != Precision) throw new ArgumentException($"The encoder's precision is {encoder.Precision}, the table's {Precision}.", nameof(encoder));
        int i = IndexOf(value);
        encoder.Push(starts[i], starts[i + 1] - starts[i]);
        if (i == starts.Length - 2) EscapeCode.Push(encoder, value, first, Last);
    }

    /// <summary>Reads a value.</summary>
    /// <exception cref="ArgumentException">The decoder has another precision.</exception>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public long Pull(RansDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        if (decoder.Precision != Precision) throw new ArgumentException($"The decoder's precision is {decoder.Precision}, the table's {Precision}.", nameof(decoder));
        uint at = decoder.Peek();
        int hint = (int)(at >> HintShift), i = hints[hint], end = hints[hint + 1];
        while (i < end)                                   // the last interval that begins at or before the number
        {
            int middle = (i + end + 1) >> 1;
            if (starts[middle] <= at) i = middle;
            else end = middle - 1;
        }
        decoder.Advance(starts[i], starts[i + 1] - starts[i]);
        return i == starts.Length - 2 ? EscapeCode.Pull(decoder, first, Last) : first + i;
    }

    /// <summary>-log2 of the value's probability in this table, in bits; an escaped value's digits included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside of a table without escape.</exception>
    public double Bits(long value)
    {
        int i = IndexOf(value);
        return Precision - Math.Log2(starts[i + 1] - starts[i]) + (i == starts.Length - 2 ? EscapeCode.Bits(value, first, Last) : 0);
    }

    private int IndexOf(long value)
    {
        if (value >= first && value <= Last) return (int)(value - first);
        return HasEscape ? starts.Length - 2 : throw new ArgumentOutOfRangeException(nameof(value), value, $"The table has {first}..{Last}, and no escape.");
    }
}
