using System.Buffers.Binary;

namespace FlowKit.Compression;

/// <summary>Range asymmetric numeral systems: turns symbols of probability f / 2^r into -log2(f / 2^r) bits each. What is pushed first comes out first.</summary>
/// <remarks>
/// <para>A state x in [2^31, 2^63) takes a symbol with frequency f and start c by x = floor(x / f) 2^r + x mod f + c, after its low 32 bits have left as a word wherever the result
/// would not fit. Duda 2013, arXiv:1311.2540; Hoogeboom et al. 2019, arXiv:1905.07376, section 4. A state gives back what it took last first: symbols are kept until
/// <see cref="Finish"/>, and taken in reverse.</para>
/// <para>Frequencies belong to a symbol, not to the coder: each symbol may have a table of its own. With N streams, symbol i goes to state i mod N; states are independent of each other, and their
/// words share one sequence.</para>
/// <para>Bytes: N states of 64 bits, high word first, then the words in the order in which they are read; each word little-endian. The length is the sum of -log2(f / 2^r), and at most
/// 64 bits more for each stream.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Compression;
/// // Four symbols with probabilities 3/4 and 1/4.
/// var encoder = new RansEncoder(precision: 2);
/// foreach (int bit in new[] { 0, 1, 0, 0 }) encoder.Push(start: bit == 0 ? 0u : 3u, frequency: bit == 0 ? 3u : 1u);
/// byte[] bytes = encoder.Finish();
/// var decoder = new RansDecoder(bytes, precision: 2);
/// for (int i = 0; i &lt; 4; i++)
/// {
///     bool one = decoder.Peek() >= 3;
///     decoder.Advance(start: one ? 3u : 0u, frequency: one ? 1u : 3u);
///     Console.Write(one ? 1 : 0);
/// }
/// Console.WriteLine($", {bytes.Length} bytes");
/// // => 0100, 8 bytes
/// </code></example>
public sealed class RansEncoder
{
    /// <summary>The greatest precision r.</summary>
    public const int MaxPrecision = 24;

    internal const ulong LowestState = 1UL << 31;

    private readonly List<ulong> symbols = [];            // start in the high half, frequency in the low one

    /// <summary>An empty message.</summary>
    /// <param name="precision">r in 1..24: frequencies are out of 2^r.</param>
    /// <param name="streams">N in 1..256.</param>
    public RansEncoder(int precision = 16, int streams = 1)
    {
        (Precision, Streams) = (CheckPrecision(precision), CheckStreams(streams));
    }

    /// <summary>r.</summary>
    public int Precision { get; }

    /// <summary>N.</summary>
    public int Streams { get; }

    /// <summary>The length of what was pushed in theory, the sum of -log2(f / 2^r), in bits.</summary>
    public double Bits => symbols.Sum(symbol => Precision - Math.Log2((uint)symbol));

    /// <summary>Appends a symbol that has [start, start + frequency) out of 2^r.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The frequency is 0, or the interval does not end by 2^r.</exception>
    public void Push(uint start, uint frequency)
    {
        if (frequency == 0 || (ulong)start + frequency > 1UL << Precision)
            throw new ArgumentOutOfRangeException(nameof(frequency), frequency, $"Expected 1 <= frequency and start + frequency <= {1U << Precision}; start is {start}.");
        symbols.Add((ulong)start << 32 | frequency);
    }

    /// <summary>Appends the lowest bits of a number, at one bit each.</summary>
    /// <param name="value">Below 2^count.</param>
    /// <param name="count">0..63.</param>
    public void PushBits(ulong value, int count)
    {
        if (count is < 0 or > 63 || value >> count != 0) throw new ArgumentOutOfRangeException(nameof(value), value, $"Expected a number below 2^count, count in 0..63; count is {count}.");
        for (int done = 0; done < count;)
        {
            int bits = Math.Min(Precision, count - done);
            Push((uint)(value >> done & ((1UL << bits) - 1)) << (Precision - bits), 1U << (Precision - bits));
            done += bits;
        }
    }

    /// <summary>The bytes of all that was pushed; the encoder is empty again.</summary>
    public byte[] Finish()
    {
        var states = new ulong[Streams];
        Array.Fill(states, LowestState);
        var words = new List<uint>();
        ulong fits = LowestState >> Precision << 32;
        for (int i = symbols.Count - 1; i >= 0; i--)
        {
            var (start, frequency) = (symbols[i] >> 32, symbols[i] & uint.MaxValue);
            ref ulong x = ref states[i % Streams];
            if (x >= fits * frequency)
            {
                words.Add((uint)x);
                x >>= 32;
            }
            (ulong quotient, ulong rest) = Math.DivRem(x, frequency);
            x = (quotient << Precision) + rest + start;
        }

        byte[] bytes = new byte[8 * Streams + 4 * words.Count];
        int at = 0;
        foreach (ulong x in states)
        {
            Append((uint)(x >> 32));
            Append((uint)x);
        }
        for (int i = words.Count - 1; i >= 0; i--) Append(words[i]);
        symbols.Clear();
        return bytes;

        void Append(uint word)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), word);
            at += 4;
        }
    }

    internal static int CheckPrecision(int precision) => precision is >= 1 and <= MaxPrecision
        ? precision
        : throw new ArgumentOutOfRangeException(nameof(precision), precision, $"Expected a number in 1..{MaxPrecision}.");

    internal static int CheckStreams(int streams) => streams is >= 1 and <= 256
        ? streams
        : throw new ArgumentOutOfRangeException(nameof(streams), streams, "Expected a number in 1..256.");
}
