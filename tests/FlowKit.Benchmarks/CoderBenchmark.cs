using System.IO.Compression;
using FlowKit.Compression;
using FlowKit.Data;
using FlowKit.Models;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>The coder on symbols of known laws against general compressors, and where the time of a whole codec goes. One thread.</summary>
/// <remarks>A symbol is a byte, so that a compressor of bytes has the same input; its MB are those of the symbols. Lengths are compared with -log2 P of the symbols drawn, which is near the entropy of the law.</remarks>
internal static class CoderBenchmark
{
    private const int Count = 1_000_000;

    public static void Run()
    {
        Runtime.Seed(0);
        Runtime.Threads = 1;
        Laws();
        WholeCodec();
    }

    private static void Laws()
    {
        Console.WriteLine($"\n| {Count:N0} symbols, one thread | coder | bits a symbol | over -log2 P of these symbols | encode, M symbols/s = MB/s | decode |\n|---|---|---|---|---|---|");
        var random = new Random(1);
        foreach (var (name, p) in new (string, double[])[]
        {
            ("geometric, p = 0.2", [.. Enumerable.Range(0, 120).Select(k => 0.2 * Math.Pow(0.8, k))]),
            ("two points, 0.999", [0.999, 0.001]),
            ("uniform on 200", [.. Enumerable.Repeat(1.0 / 200, 200)]),
        })
        {
            double total = p.Sum(), entropy = -p.Sum(one => one / total * Math.Log2(one / total));
            double[] ends = new double[p.Length];
            for (int i = 0; i < p.Length; i++) ends[i] = (i == 0 ? 0 : ends[i - 1]) + p[i] / total;
            byte[] symbols = new byte[Count];
            for (int i = 0; i < Count; i++)
            {
                int at = Array.BinarySearch(ends, random.NextDouble());
                symbols[i] = (byte)Math.Min(p.Length - 1, at < 0 ? ~at : at + 1);
            }
            double ideal = symbols.Sum(symbol => -Math.Log2(p[symbol] / total)) / Count;
            foreach (int streams in new[] { 1, 4 })
            {
                var table = FrequencyTable.Of(p, precision: 16);
                Row($"rANS, {streams} {(streams == 1 ? "stream" : "streams")}", () =>
                {
                    var encoder = new RansEncoder(streams: streams);
                    foreach (byte symbol in symbols) table.Push(encoder, symbol);
                    return encoder.Finish();
                }, code =>
                {
                    var decoder = new RansDecoder(code, streams: streams);
                    byte[] back = new byte[Count];
                    for (int i = 0; i < Count; i++) back[i] = (byte)table.Pull(decoder);
                    return back;
                });
            }
            Row("zstd 3", () => new ZstdSharp.Compressor(3).Wrap(symbols).ToArray(), code => new ZstdSharp.Decompressor().Unwrap(code).ToArray());
            Row("zstd 19", () => new ZstdSharp.Compressor(19).Wrap(symbols).ToArray(), code => new ZstdSharp.Decompressor().Unwrap(code).ToArray());
            Row("Brotli 4", () => Packed(to => new BrotliStream(to, new BrotliCompressionOptions { Quality = 4 }, leaveOpen: true)), code => Unpacked(new BrotliStream(new MemoryStream(code), CompressionMode.Decompress)));
            Row("ZLib 6", () => Packed(to => new ZLibStream(to, new ZLibCompressionOptions { CompressionLevel = 6 }, leaveOpen: true)), code => Unpacked(new ZLibStream(new MemoryStream(code), CompressionMode.Decompress)));

            byte[] Packed(Func<Stream, Stream> pack)
            {
                using var to = new MemoryStream();
                using (var packing = pack(to)) packing.Write(symbols);
                return to.ToArray();
            }

            static byte[] Unpacked(Stream from)
            {
                using var to = new MemoryStream();
                using (from) from.CopyTo(to);
                return to.ToArray();
            }

            void Row(string coder, Func<byte[]> encode, Func<byte[], byte[]> decode)
            {
                byte[] code = encode();
                if (!decode(code).AsSpan().SequenceEqual(symbols)) throw new InvalidOperationException($"{coder} is not lossless.");
                double bits = 8.0 * code.Length / Count;
                Console.WriteLine($"| {name}, entropy {entropy:F4} | {coder} | {bits:F4} | {100 * (bits / ideal - 1):F2} % | {Count / 1e6 / Stopwatches.Seconds(() => encode()):F1} | {Count / 1e6 / Stopwatches.Seconds(() => decode(code)):F1} |");
            }
        }
    }

    private static void WholeCodec()
    {
        var flow = IntegerDiscreteFlow.ForImages(new(1, 32, 32) { Scales = 3, Couplings = 4, Maps = 64, PriorComponents = 3 });
        var codec = Codec.Freeze(flow);
        using var images = ImageFile.Patches(Photographs.Load("camera"), 32).narrow(1, 0, 1).narrow(0, 0, 64).contiguous();
        var planes = Planes.Of(images, nameof(images));
        byte[] code = codec.Encode(planes);
        double megabytes = images.numel() / 1e6;
        double encode = Stopwatches.Seconds(() => codec.Encode(planes)), decode = Stopwatches.Seconds(() => codec.DecodePlanes(code, 64));
        double networks = Stopwatches.Seconds(() => codec.Networks(planes));
        Console.WriteLine($"\n| codec of gray patches 32x32, {flow.ParameterCount:N0} parameters, one thread | MB/s |\n|---|---|");
        Console.WriteLine($"| encode | {megabytes / encode:F3} |\n| decode | {megabytes / decode:F3} |\n| share of the networks in encoding | {100 * networks / encode:F0} % |");
        double operations = 2.0 * codec.Steps.Sum(step => Operations(step)) * images.numel();
        Console.WriteLine($"| networks, GFLOP/s in float64, registers of {ExactLayer.Width} bits | {operations / networks / 1e9:F1} |");
        using var none = no_grad();
        using var floats = images.to(float32);
        Console.WriteLine($"| the same flow's log-probability in float32 by libtorch | {megabytes / Stopwatches.Seconds(() => flow.LogProb(floats).Dispose()):F3} |");

        // Products for each number of an image: a step's plane is smaller the later it comes.
        double Operations(CodecStep step)
        {
            int squeezes = codec.Steps.TakeWhile(one => !ReferenceEquals(one, step)).Count(one => one is SqueezeStep);
            var net = step is CoupleStep couple ? couple.Net : (step as FactorStep)?.Net;
            return net is null ? 0 : net.Layers.Sum(layer => (double)layer.Weights.Length) / Math.Pow(4, squeezes);
        }
    }
}
