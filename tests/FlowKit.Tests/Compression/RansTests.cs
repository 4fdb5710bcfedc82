using System.Buffers.Binary;
using System.Text.Json;
using CsCheck;
using FlowKit.Compression;

namespace FlowKit.Tests.Compression;

public class RansTests
{
    [Fact]
    public void One_stream_of_12_bits_gives_the_golden_words()
    {
        using var stream = typeof(RansTests).Assembly.GetManifestResourceStream("FlowKit.Tests.Golden.idf_rans.json")!;
        using var golden = JsonDocument.Parse(stream);
        uint[] frequencies = Numbers("freqs"), starts = Numbers("starts"), message = Numbers("msg"), words = Numbers("words");
        var encoder = new RansEncoder(precision: golden.RootElement.GetProperty("precision").GetInt32());
        foreach (uint symbol in message.Reverse()) encoder.Push(starts[symbol], frequencies[symbol]);   // the golden coder takes the message as it comes, and gives it back in reverse
        byte[] bytes = encoder.Finish();
        Assert.Equal(words, Enumerable.Range(0, bytes.Length / 4).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4 * i))));

        uint[] Numbers(string name) => [.. golden.RootElement.GetProperty(name).EnumerateArray().Select(number => number.GetUInt32())];
    }

    [Fact]
    public void What_is_pushed_comes_back_in_its_order_for_all_tables_precisions_and_streams() =>
        (from precision in Gen.Int[1, 24]
         from streams in Gen.Int[1, 5]
         from ends in Gen.Select(Gen.UInt, Gen.UInt).Array[0, 300]
         select (precision, streams, ends)).Sample(given =>
         {
             uint whole = 1U << given.precision;
             (uint Start, uint Frequency)[] symbols = [.. given.ends.Select(pair =>
             {
                 uint start = pair.Item1 % whole;
                 return (start, 1 + pair.Item2 % (whole - start));
             })];
             var encoder = new RansEncoder(given.precision, given.streams);
             foreach (var (start, frequency) in symbols) encoder.Push(start, frequency);
             double bits = encoder.Bits;
             byte[] bytes = encoder.Finish();
             var decoder = new RansDecoder(bytes, given.precision, given.streams);
             foreach (var (start, frequency) in symbols)
             {
                 if (decoder.Peek() - start >= frequency) return false;
                 decoder.Advance(start, frequency);
             }
             decoder.Finish();
             return 8 * bytes.Length <= bits + 64 * given.streams + 0.02 * symbols.Length;
         });

    [Fact]
    public void Bits_and_symbols_share_a_stream()
    {
        var encoder = new RansEncoder(precision: 12, streams: 3);
        var table = FrequencyTable.Of([0.9, 0.1], precision: 12);
        long[] values = [0, 1, -1, 2, long.MaxValue, long.MinValue, 1L << 40, 0];
        foreach (long value in values)
        {
            table.Push(encoder, value);
            encoder.PushBits(0x1234_5678_9abc_def, 63);
            encoder.PushBits(0, 0);
        }
        var decoder = new RansDecoder(encoder.Finish(), precision: 12, streams: 3);
        foreach (long value in values)
        {
            Assert.Equal(value, table.Pull(decoder));
            Assert.Equal(0x1234_5678_9abc_defUL, decoder.PullBits(63));
        }
        decoder.Finish();
    }

    [Theory]
    [InlineData("geometric", 1)]
    [InlineData("geometric", 4)]
    [InlineData("two-point", 1)]
    [InlineData("two-point", 8)]
    [InlineData("uniform", 1)]
    [InlineData("uniform", 2)]
    public void The_length_is_the_tables_code_length_within_64_bits_a_stream(string law, int streams)
    {
        const int count = 50_000;
        var random = new Random(7);
        var (probabilities, draw) = Law(law, random);
        var table = FrequencyTable.Of(probabilities, precision: 16);
        var encoder = new RansEncoder(streams: streams);
        double bits = 0;
        for (int i = 0; i < count; i++)
        {
            int symbol = draw();
            table.Push(encoder, symbol);
            bits += table.Bits(symbol);
        }
        Assert.Equal(bits, encoder.Bits, 1e-6 * bits);
        int length = 8 * encoder.Finish().Length;
        Assert.InRange(length - bits, 0, 64 * streams + 1);

        // Quantization: KL(p || q) is small, so that the entropy is missed by the draws' own spread and little more.
        double entropy = -probabilities.Where(p => p > 0).Sum(p => p * Math.Log2(p));
        double spread = Math.Sqrt(probabilities.Where(p => p > 0).Sum(p => p * Math.Pow(-Math.Log2(p) - entropy, 2)) / count);
        Assert.InRange(bits / count - entropy, -4 * spread - 1e-9, 4 * spread + 2.0 * probabilities.Length / (1 << 16));
    }

    [Fact]
    public void Cut_off_and_damaged_bytes_are_refused_or_read_as_other_symbols_but_never_hang()
    {
        var random = new Random(3);
        var table = FrequencyTable.Of([0.5, 0.25, 0.125, 0.125], precision: 14);
        var encoder = new RansEncoder(precision: 14, streams: 2);
        long[] values = [.. Enumerable.Range(0, 500).Select(_ => (long)random.Next(-2, 6))];
        foreach (long value in values) table.Push(encoder, value);
        byte[] bytes = encoder.Finish();

        for (int length = 0; length < bytes.Length; length++) Assert.Throws<InvalidDataException>(() => Read(bytes[..length]));
        Assert.Throws<InvalidDataException>(() => Read([.. bytes, 0, 0, 0, 0]));
        int refused = 0;
        for (int trial = 0; trial < 1000; trial++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.NotEqual(values, Read(damaged));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 900, 1000);               // the last state betrays nearly all damage

        long[] Read(byte[] from)
        {
            var decoder = new RansDecoder(from, precision: 14, streams: 2);
            long[] read = [.. values.Select(_ => table.Pull(decoder))];
            decoder.Finish();
            return read;
        }
    }

    [Fact]
    public void Symbols_that_do_not_fit_are_refused()
    {
        var encoder = new RansEncoder(precision: 8);
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Push(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Push(200, 57));
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.PushBits(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RansEncoder(precision: 25));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RansEncoder(streams: 0));
        encoder.Push(10, 5);
        var decoder = new RansDecoder(encoder.Finish(), precision: 8);
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.Advance(0, 5));
        Assert.Throws<InvalidDataException>(() => new RansDecoder(new byte[8]));
        Assert.Throws<ArgumentException>(() => new FrequencyTable([3, 0], precision: 2));
        Assert.Throws<ArgumentException>(() => new FrequencyTable([3, 2], precision: 2));
        Assert.Throws<ArgumentException>(() => FrequencyTable.Of([0.0, 0], precision: 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrequencyTable([3, 1], precision: 2).Bits(2));
    }

    private static (double[] Probabilities, Func<int> Draw) Law(string law, Random random)
    {
        switch (law)
        {
            case "geometric":
                double[] all = [.. Enumerable.Range(0, 200).Select(k => 0.2 * Math.Pow(0.8, k))];
                return (all, () => Math.Min(199, (int)(Math.Log(1 - random.NextDouble()) / Math.Log(0.8))));
            case "two-point":
                return ([0.999, 0.001], () => random.NextDouble() < 0.001 ? 1 : 0);
            default:
                return ([.. Enumerable.Repeat(1.0 / 256, 256)], () => random.Next(256));
        }
    }
}
