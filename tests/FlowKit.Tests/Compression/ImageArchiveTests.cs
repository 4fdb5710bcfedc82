using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using FlowKit.Compression;
using FlowKit.Models;

namespace FlowKit.Tests.Compression;

public class ImageArchiveTests
{
    private static readonly Lazy<Codec> gray = new(() => Untrained(1, seed: 0)), color = new(() => Untrained(3, seed: 1));

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 8, 8)]
    [InlineData(1, 13, 200)]
    [InlineData(3, 7, 9)]
    [InlineData(3, 300, 301)]
    public void Pictures_of_any_size_come_back_pixel_by_pixel(int channels, int height, int width)
    {
        using var files = new Scratch();
        byte[] pixels = Smooth(channels, height, width);
        File.WriteAllBytes(files["a.png"], Png(channels == 1 ? 0 : 2, 8, height, width, pixels));
        File.WriteAllBytes(files["b.pnm"], [.. Encoding.ASCII.GetBytes($"P{(channels == 1 ? 5 : 6)} # by hand\n{width}\n{height} 255\n"), .. pixels]);
        foreach (var codec in channels == 1 ? [gray.Value] : new[] { gray.Value, color.Value })
        {
            string archive = files[$"{codec.Identity[..4]}.fkz"];
            var done = ImageArchive.Compress(codec, [files["a.png"], files["b.pnm"]], archive, new() { Threads = 3 });
            Assert.Equal((2, 2L * pixels.Length, new FileInfo(archive).Length), (done.Done, done.PixelBytes, done.CodedBytes));
            ImageArchive.Extract(codec, archive, files["back"], new() { Replace = true, Threads = 2 });
            Same(height, width, channels, pixels, Read(files["back/a.png"]));
            Assert.Equal([.. Encoding.ASCII.GetBytes($"P{(channels == 1 ? 5 : 6)}\n{width} {height}\n255\n"), .. pixels], File.ReadAllBytes(files["back/b.pnm"]));
        }
    }

    [Fact]
    public void The_archive_does_not_depend_on_the_number_of_threads()
    {
        using var files = new Scratch();
        File.WriteAllBytes(files["a.png"], Png(2, 8, 300, 700, Smooth(3, 300, 700)));
        foreach (int threads in new[] { 1, 2, 5 }) ImageArchive.Compress(gray.Value, [files["a.png"]], files[$"{threads}"], new() { Threads = threads });
        Assert.Equal(File.ReadAllBytes(files["1"]), File.ReadAllBytes(files["2"]));
        Assert.Equal(File.ReadAllBytes(files["1"]), File.ReadAllBytes(files["5"]));
    }

    [Fact]
    public void Palettes_and_few_bits_come_back_as_their_colors()
    {
        using var files = new Scratch();
        byte[] palette = [10, 20, 30, 200, 100, 0];
        File.WriteAllBytes(files["p.png"], Png(3, 8, 2, 2, [0, 1, 1, 0], ("PLTE", palette), ("gAMA", [0, 0, 177, 143])));
        File.WriteAllBytes(files["g.png"], Png(0, 1, 2, 2, [0b1000_0000, 0b0100_0000], ("gAMA", [0, 1, 134, 160])));
        ImageArchive.Compress(gray.Value, [files["p.png"], files["g.png"]], files["a.fkz"]);
        ImageArchive.Extract(gray.Value, files["a.fkz"], files["back"]);
        Same(2, 2, 3, [10, 20, 30, 200, 100, 0, 200, 100, 0, 10, 20, 30], Read(files["back/p.png"]));
        Same(2, 2, 1, [255, 0, 0, 255], Read(files["back/g.png"]));
    }

    [Theory]
    [InlineData("jpeg", "no PNG, PGM or PPM")]
    [InlineData("text", "no PNG, PGM or PPM")]
    [InlineData("empty", "no PNG, PGM or PPM")]
    [InlineData("deep", "16 bits")]
    [InlineData("alpha", "alpha channel")]
    [InlineData("transparent", "transparent pixels")]
    [InlineData("animated", "animation")]
    [InlineData("short", "cut off")]
    [InlineData("huge", "pixels; expected")]
    [InlineData("plain", "P2 file")]
    [InlineData("deep pgm", "16 bits")]
    [InlineData("short pgm", "cut off")]
    [InlineData("huge pgm", "pixels; expected")]
    [InlineData("none", "cannot be read")]
    public void What_is_no_picture_of_8_bits_is_refused_by_name(string kind, string reason)
    {
        using var files = new Scratch();
        byte[] one = [7];
        byte[]? bytes = kind switch
        {
            "jpeg" => [0xff, 0xd8, 0xff, 0xe0, 0, 16],
            "text" => Encoding.ASCII.GetBytes("A text."),
            "empty" => [],
            "deep" => Png(0, 16, 1, 1, [1, 2]),
            "alpha" => Png(6, 8, 1, 1, [1, 2, 3, 4]),
            "transparent" => Png(0, 8, 1, 1, one, ("tRNS", [0, 7])),
            "animated" => Png(0, 8, 1, 1, one, ("acTL", [0, 0, 0, 1, 0, 0, 0, 0])),
            "short" => Png(0, 8, 1, 1, one)[..^20],
            "huge" => Png(0, 8, 1 << 30, 1 << 30, one),
            "plain" => Encoding.ASCII.GetBytes("P2\n1 1\n255\n7\n"),
            "deep pgm" => Encoding.ASCII.GetBytes("P5\n1 1\n65535\nab"),
            "short pgm" => Encoding.ASCII.GetBytes("P5\n2 2\n255\nabc"),
            "huge pgm" => Encoding.ASCII.GetBytes("P5\n2000000000 2000000000\n255\nabc"),
            _ => null,
        };
        string path = files["picture.bin"];
        if (bytes is not null) File.WriteAllBytes(path, bytes);
        var error = Assert.Throws<InvalidDataException>(() => ImageArchive.Compress(gray.Value, [path], files["out.fkz"]));
        Assert.Contains(path, error.Message);
        Assert.Contains(reason, error.Message);
        Assert.Equal(bytes is null ? [] : new[] { "picture.bin" }, files.Files);
    }

    [Fact]
    public void A_gray_picture_does_not_fit_a_color_codec_and_two_names_do_not_fit_one_folder()
    {
        using var files = new Scratch();
        File.WriteAllBytes(files["a.png"], Png(0, 8, 1, 1, [1]));
        Assert.Contains("a codec of one channel codes both", Assert.Throws<InvalidDataException>(() => ImageArchive.Compress(color.Value, [files["a.png"]], files["out"])).Message);
        Assert.Contains("a.png", Assert.Throws<ArgumentException>(() => ImageArchive.Compress(gray.Value, [files["a.png"], files["b/a.png"]], files["out"])).Message);
    }

    [Fact]
    public void A_thousand_random_corruptions_are_a_thousand_refusals_and_write_nothing()
    {
        using var files = new Scratch();
        File.WriteAllBytes(files["a.png"], Png(0, 8, 20, 30, Smooth(1, 20, 30)));
        File.WriteAllBytes(files["b.png"], Png(2, 8, 9, 12, Smooth(3, 9, 12)));
        ImageArchive.Compress(gray.Value, [files["a.png"], files["b.png"]], files["a.fkz"]);
        byte[] bytes = File.ReadAllBytes(files["a.fkz"]);
        var random = new Random(11);
        int refusals = 0;
        for (int trial = 0; trial < 1000; trial++)
        {
            byte[] damaged = (trial % 5) switch
            {
                0 => bytes[..random.Next(bytes.Length)],
                1 => [.. bytes, .. new byte[1 + random.Next(50)]],
                2 => Swapped(bytes, random.Next(bytes.Length - 8), random.Next(bytes.Length - 8)),
                _ => Flipped(bytes, random),
            };
            if (damaged.AsSpan().SequenceEqual(bytes)) damaged[^1] ^= 1;
            File.WriteAllBytes(files["damaged"], damaged);
            try
            {
                ImageArchive.Extract(gray.Value, files["damaged"], files["back"]);
            }
            catch (InvalidDataException)
            {
                refusals++;
            }
        }
        Assert.Equal(1000, refusals);
        Assert.False(Directory.Exists(files["back"]));
    }

    // An archive with right checksums all the way, whose maker lied about the size.
    [Theory]
    [InlineData(65536, 32768, "at most")]
    [InlineData(uint.MaxValue, 1, "at most")]
    [InlineData(16384, 16384, "too short")]
    [InlineData(0, 5, "at most")]
    public void A_size_that_cannot_be_is_refused_before_memory_is_taken(uint width, uint height, string reason)
    {
        using var files = new Scratch();
        using (var stream = File.Create(files["lie.fkz"]))
        {
            stream.Write([.. "FKZ\x1a"u8, 1, 0]);
            var blocks = new BlockWriter(stream);
            blocks.Write(BlockKind.Start, [.. Convert.FromHexString(gray.Value.Identity), 1, 0, 0, 0]);
            blocks.Write(BlockKind.Image, [0, .. BitConverter.GetBytes(width), .. BitConverter.GetBytes(height), 1, .. new byte[16], (byte)'a']);
            blocks.Write(BlockKind.Chunk, new byte[16]);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        var error = Assert.Throws<InvalidDataException>(() => ImageArchive.Extract(gray.Value, files["lie.fkz"], files["back"]));
        Assert.Contains(reason, error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 1);
    }

    [Theory]
    [InlineData("../a.png")]
    [InlineData("/etc/a.png")]
    [InlineData("..")]
    [InlineData("a\\b.png")]
    [InlineData("a\nb.png")]
    public void A_name_that_leaves_the_folder_is_refused(string name)
    {
        byte[] good = new ImageHeader("gut ä.png", PixelFormat.Png, 1, 1, 1, new byte[16]).ToBytes();
        Assert.Equal("gut ä.png", ImageHeader.Parse(good).Name);
        Assert.Throws<InvalidDataException>(() => ImageHeader.Parse([.. good[..26], .. Encoding.UTF8.GetBytes(name)]));
    }

    [Fact]
    public void Another_codec_another_version_and_a_file_that_exists_are_refused()
    {
        using var files = new Scratch();
        File.WriteAllBytes(files["a.png"], Png(2, 8, 3, 3, Smooth(3, 3, 3)));
        ImageArchive.Compress(color.Value, [files["a.png"]], files["a.fkz"]);
        Assert.Contains("made with the codec", Assert.Throws<InvalidDataException>(() => ImageArchive.Extract(gray.Value, files["a.fkz"], files["back"])).Message);
        Assert.Contains("exists already", Assert.Throws<IOException>(() => ImageArchive.Extract(color.Value, files["a.fkz"], Path.GetDirectoryName(files["a"])!)).Message);
        byte[] bytes = File.ReadAllBytes(files["a.fkz"]);
        bytes[4] = 9;
        Assert.Contains("version 9", Assert.Throws<InvalidDataException>(() => ImageArchive.Extract(color.Value, files.Write(bytes), files["back"])).Message);
        Assert.Contains("no archive", Assert.Throws<InvalidDataException>(() => ImageArchive.Extract(color.Value, files["a.png"], files["back"])).Message);
    }

    [Fact]
    public void Fewer_levels_give_a_picture_that_resembles_it()
    {
        using var files = new Scratch();
        byte[] pixels = Smooth(1, 64, 64);
        File.WriteAllBytes(files["a.png"], Png(0, 8, 64, 64, pixels));
        ImageArchive.Compress(gray.Value, [files["a.png"]], files["a.fkz"]);
        ImageArchive.Extract(gray.Value, files["a.fkz"], files["back"], new() { Levels = 1 });
        var (height, width, channels, approximate) = Read(files["back/a.png"]);
        Assert.Equal((64, 64, 1), (height, width, channels));
        Assert.NotEqual(pixels, approximate);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageArchive.Extract(gray.Value, files["a.fkz"], files["other"], new() { Levels = 3 }));
    }

    [Fact]
    public void A_canceled_compression_leaves_nothing()
    {
        using var files = new Scratch();
        File.WriteAllBytes(files["a.png"], Png(0, 8, 64, 64, Smooth(1, 64, 64)));
        Assert.ThrowsAny<OperationCanceledException>(() => ImageArchive.Compress(gray.Value, [files["a.png"]], files["a.fkz"], new() { Cancellation = new(canceled: true) }));
        Assert.Equal(["a.png"], files.Files);
    }

    [Fact]
    public void A_full_disk_is_named_and_keeps_the_old_archive()
    {
        using var disk = new SmallDisk(1 << 16);
        using var files = new Scratch();
        File.WriteAllBytes(files["a.png"], Png(0, 8, 300, 300, RandomNumberGenerator.GetBytes(90_000)));
        File.WriteAllText(disk["a.fkz"], "old");
        disk.Fill();
        Assert.ThrowsAny<IOException>(() => ImageArchive.Compress(gray.Value, [files["a.png"]], disk["a.fkz"]));
        Assert.Equal(["a.fkz"], disk.Files);
        Assert.Equal("old", File.ReadAllText(disk["a.fkz"]));
    }

    private static void Same(int height, int width, int channels, byte[] pixels, (int Height, int Width, int Channels, byte[] Pixels) read)
    {
        Assert.Equal((height, width, channels), (read.Height, read.Width, read.Channels));
        Assert.Equal(pixels, read.Pixels);
    }

    private static Codec Untrained(int channels, int seed)
    {
        using var scope = NewDisposeScope();
        manual_seed(seed);
        var flow = IntegerDiscreteFlow.ForImages(new(channels, 8, 8) { Couplings = 1, Maps = 16, Depth = 2, PriorComponents = 2 });
        foreach (var weight in flow.parameters()) nn.init.normal_(weight, std: 0.05);
        return Codec.Freeze(flow);
    }

    private static byte[] Smooth(int channels, int height, int width) =>
        [.. Enumerable.Range(0, height * width * channels).Select(i => (byte)(127 + 120 * Math.Sin(i / channels % width * 0.05 + i / channels / width * 0.07 + i % channels)))];

    private static byte[] Flipped(byte[] bytes, Random random)
    {
        byte[] damaged = [.. bytes];
        for (int i = random.Next(4); i >= 0; i--) damaged[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
        return damaged;
    }

    private static byte[] Swapped(byte[] bytes, int from, int to)
    {
        byte[] damaged = [.. bytes];
        bytes.AsSpan(from, 8).CopyTo(damaged.AsSpan(to));
        return damaged;
    }

    // A PNG of unfiltered rows, written by the standard; pixels are packed rows.
    private static byte[] Png(int color, int depth, int height, int width, byte[] pixels, params (string Type, byte[] Content)[] more)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            int row = height <= 4096 ? pixels.Length / height : pixels.Length;
            for (int y = 0; y * row < pixels.Length; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(pixels, y * row, row);
            }
        }
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)depth, (byte)color);
        return [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, .. Chunk("IHDR", header), .. more.SelectMany(one => Chunk(one.Type, one.Content)), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];

        static byte[] Chunk(string type, byte[] content)
        {
            byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content], ends = new byte[8];
            BinaryPrimitives.WriteInt32BigEndian(ends, content.Length);
            uint crc = uint.MaxValue;
            foreach (byte b in named)
            {
                crc ^= b;
                for (int i = 0; i < 8; i++) crc = (crc & 1) == 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
            }
            BinaryPrimitives.WriteUInt32BigEndian(ends.AsSpan(4), ~crc);
            return [.. ends[..4], .. named, .. ends[4..]];
        }
    }

    // Pixels of a PNG, read without SkiaSharp: gray or color of 8 bits, not interlaced.
    private static (int Height, int Width, int Channels, byte[] Pixels) Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int width = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), height = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20)), channels = bytes[25] == 0 ? 1 : 3;
        Assert.Equal((8, true, 0), (bytes[24], bytes[25] is 0 or 2, bytes[28]));
        using var packed = new MemoryStream();
        for (int at = 8; at < bytes.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            if (Encoding.ASCII.GetString(bytes, at + 4, 4) == "IDAT") packed.Write(bytes, at + 8, length);
            at += 12 + length;
        }
        packed.Position = 0;
        using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
        int row = width * channels;
        byte[] pixels = new byte[height * row];
        for (int y = 0; y < height; y++)
        {
            int filter = zlib.ReadByte();
            zlib.ReadExactly(pixels, y * row, row);
            for (int x = 0; x < row; x++)
            {
                int left = x >= channels ? pixels[y * row + x - channels] : 0, above = y > 0 ? pixels[(y - 1) * row + x] : 0, corner = x >= channels && y > 0 ? pixels[(y - 1) * row + x - channels] : 0;
                int guess = left + above - corner;
                var (a, b, c) = (Math.Abs(guess - left), Math.Abs(guess - above), Math.Abs(guess - corner));
                pixels[y * row + x] += (byte)(filter switch { 0 => 0, 1 => left, 2 => above, 3 => (left + above) / 2, _ => a <= b && a <= c ? left : b <= c ? above : corner });
            }
        }
        return (height, width, channels, pixels);
    }
}
