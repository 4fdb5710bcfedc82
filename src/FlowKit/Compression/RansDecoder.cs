using System.Buffers.Binary;

namespace FlowKit.Compression;

/// <summary>Reads what a <see cref="RansEncoder"/> wrote, symbol by symbol, in the order in which they were pushed.</summary>
/// <remarks>
/// Peek at a number in [0, 2^r), look up whose interval [start, start + frequency) it is in, then advance by that interval. Bytes are not trusted: what no encoder could have written is an
/// <see cref="InvalidDataException"/>, at the latest in <see cref="Finish"/>; damage that gives other valid symbols is for a checksum to find.
/// </remarks>
/// <example><code>
/// using FlowKit.Compression;
/// var encoder = new RansEncoder();
/// encoder.PushBits(2026, count: 11);
/// var decoder = new RansDecoder(encoder.Finish());
/// Console.WriteLine(decoder.PullBits(11));  // => 2026
/// decoder.Finish();
/// </code></example>
public sealed class RansDecoder
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly ulong[] states;
    private readonly uint mask;
    private int at;
    private int next;

    /// <summary>Begins to read.</summary>
    /// <param name="bytes">What <see cref="RansEncoder.Finish"/> gave.</param>
    /// <param name="precision">The encoder's r.</param>
    /// <param name="streams">The encoder's N.</param>
    /// <exception cref="InvalidDataException">The bytes cannot be an encoder's.</exception>
    public RansDecoder(ReadOnlyMemory<byte> bytes, int precision = 16, int streams = 1)
    {
        (Precision, Streams) = (RansEncoder.CheckPrecision(precision), RansEncoder.CheckStreams(streams));
        if (bytes.Length % 4 != 0 || bytes.Length < 8 * streams)
            throw new InvalidDataException($"Coded symbols have {bytes.Length} bytes; expected a multiple of 4, and at least {8 * streams}.");

        this.bytes = bytes;
        mask = (1U << precision) - 1;
        states = new ulong[streams];
        for (int i = 0; i < streams; i++)
        {
            states[i] = (ulong)Word() << 32 | Word();
            if (states[i] is < RansEncoder.LowestState or >= 1UL << 63) throw new InvalidDataException($"Coded symbols begin with state {states[i]}; expected 2^31 to 2^63 - 1.");
        }
    }

    /// <summary>r.</summary>
    public int Precision { get; }

    /// <summary>N.</summary>
    public int Streams { get; }

    /// <summary>A number in [0, 2^r) that lies in the next symbol's interval.</summary>
    public uint Peek() => (uint)states[next] & mask;

    /// <summary>Goes on behind the next symbol, whose interval is given.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="Peek"/> is not in the interval.</exception>
    /// <exception cref="InvalidDataException">The bytes end here.</exception>
    public void Advance(uint start, uint frequency)
    {
        ref ulong x = ref states[next];
        uint within = ((uint)x & mask) - start;           // wraps to a large number below the interval
        if (within >= frequency) throw new ArgumentOutOfRangeException(nameof(start), start, $"The next symbol is at {(uint)x & mask}, outside of [{start}, {(ulong)start + frequency}).");
        x = frequency * (x >> Precision) + within;
        if (x < RansEncoder.LowestState) x = x << 32 | Word();
        next = next + 1 == states.Length ? 0 : next + 1;
    }

    /// <summary>The next bits, as <see cref="RansEncoder.PushBits"/> took them.</summary>
    /// <param name="count">0..63.</param>
    public ulong PullBits(int count)
    {
        if (count is < 0 or > 63) throw new ArgumentOutOfRangeException(nameof(count), count, "Expected a number in 0..63.");
        ulong value = 0;
        for (int done = 0; done < count;)
        {
            int bits = Math.Min(Precision, count - done), free = Precision - bits;
            uint piece = Peek() >> free;
            Advance(piece << free, 1U << free);
            value |= (ulong)piece << done;
            done += bits;
        }
        return value;
    }

    /// <summary>Makes sure that all has been read.</summary>
    /// <exception cref="InvalidDataException">Words are left, or a state is not the one that encoders begin with.</exception>
    public void Finish()
    {
        if (at != bytes.Length) throw new InvalidDataException($"Coded symbols go on for {bytes.Length - at} bytes behind the last symbol.");
        if (states.Any(x => x != RansEncoder.LowestState)) throw new InvalidDataException("Coded symbols do not end where an encoder begins: they are damaged.");
    }

    private uint Word()
    {
        if (at == bytes.Length) throw new InvalidDataException("Coded symbols end before the last symbol: they are cut off or damaged.");
        at += 4;
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[(at - 4)..]);
    }
}
