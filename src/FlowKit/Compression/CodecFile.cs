using System.Security.Cryptography;

namespace FlowKit.Compression;

/// <summary>A codec as bytes, little-endian: "FKC" 1A, version (u16), image shape, steps, the law of the last level, and the SHA-256 of all that, which is the codec's identity.</summary>
/// <remarks>
/// A list is its length (i32), then its items. Shape: a list of i32. Step: kind (u8), then for a permutation (1) its order, a list of i32; for a coupling (2) its mask, a list of u8, and its network; for a factor-out (3) its
/// components (i32) and its network. Network: inputs, middle, shift (i32 each), a list of layers. Layer: from, to, rectifies, kernel (u8 each), inputs (i32), lists of exponents (u8), biases (i64), weights (i16). Law: components (i32), a list of lists of i32.
/// </remarks>
internal static class CodecFile
{
    /// <summary>How names of files usually end.</summary>
    public const string Ending = ".fkc";

    private const int Version = 1, Largest = 1 << 30, HashBytes = 32;

    private static ReadOnlySpan<byte> Magic => "FKC\x1a"u8;

    /// <summary>The bytes, and the identity in hexadecimal digits.</summary>
    public static (string Identity, byte[] Bytes) Write(Codec codec)
    {
        using var stream = new MemoryStream();
        using var to = new BinaryWriter(stream);
        to.Write(Magic);
        to.Write((ushort)Version);
        List(codec.ImageShape, size => to.Write((int)size));
        List(codec.Steps, Step);
        to.Write(codec.Theta.Components);
        List(codec.Theta.Steps, plane => List(plane, to.Write));
        to.Flush();
        byte[] hash = SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        to.Write(hash);
        to.Flush();
        return (Convert.ToHexStringLower(hash), stream.ToArray());

        void List<T>(IReadOnlyList<T> items, Action<T> write)
        {
            to.Write(items.Count);
            foreach (var item in items) write(item);
        }

        void Step(CodecStep step)
        {
            switch (step)
            {
                case SqueezeStep:
                    to.Write((byte)0);
                    break;
                case PermuteStep permute:
                    to.Write((byte)1);
                    List(permute.Order, to.Write);
                    break;
                case CoupleStep couple:
                    to.Write((byte)2);
                    List(couple.Mask, to.Write);
                    Net(couple.Net);
                    break;
                case FactorStep factor:
                    to.Write((byte)3);
                    to.Write(factor.Components);
                    Net(factor.Net);
                    break;
            }
        }

        void Net(ExactNet net)
        {
            to.Write(net.Inputs);
            to.Write(net.Middle);
            to.Write(net.Shift);
            List(net.Layers, layer =>
            {
                to.Write((byte)layer.From);
                to.Write((byte)layer.To);
                to.Write(layer.Rectifies);
                to.Write((byte)layer.Kernel);
                to.Write(layer.Inputs);
                List(layer.Exponents, to.Write);
                List(layer.Biases, to.Write);
                List(layer.Weights, to.Write);
            });
        }
    }

    /// <summary>Reads a file, and trusts none of it.</summary>
    /// <exception cref="InvalidDataException">It is no codec, is damaged or cut off, or is of another version.</exception>
    public static Codec Read(string path)
    {
        using var file = Open(path);
        if (file.Length > Largest) throw Wrong("it is larger than any codec");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        if (bytes.Length < Magic.Length + 2 || !bytes.AsSpan().StartsWith(Magic)) throw Wrong("it is another kind of file");
        int version = BitConverter.ToUInt16(bytes, Magic.Length);
        if (version != Version) throw Wrong($"it is of version {version}, and this program reads version {Version}");
        if (bytes.Length < Magic.Length + 2 + HashBytes || !SHA256.HashData(bytes.AsSpan(..^HashBytes)).AsSpan().SequenceEqual(bytes.AsSpan(^HashBytes..)))
            throw Wrong("it is damaged or cut off: its checksum does not match its content");

        using var from = new BinaryReader(new MemoryStream(bytes, Magic.Length + 2, bytes.Length - Magic.Length - 2 - HashBytes));
        try
        {
            Shape shape = List(4, from.ReadInt32).Select(size => (long)size).ToArray();
            if (shape.Count is not (1 or 3) || shape.Any(size => size < 1) || shape.Aggregate(1.0, (a, b) => a * b) > 1 << 24) throw new InvalidDataException($"images of shape {shape}");
            var steps = List(1, Step);
            var theta = new LevelTheta(Steps: null!, from.ReadInt32()) with { Steps = List(4, () => List(4, from.ReadInt32)) };
            if (theta.Components is < 1 or > 1 << 10 || theta.Steps.Length == 0) throw new InvalidDataException($"{theta.Components} components");
            if (from.BaseStream.Position != from.BaseStream.Length) throw new InvalidDataException("bytes behind its end");
            return new(shape, steps, theta);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw Wrong($"its content contradicts itself ({error.Message})");
        }

        InvalidDataException Wrong(string what) => new($"{path} is no codec that this program can read: {what}.");

        T[] List<T>(int least, Func<T> read)
        {
            int count = from.ReadInt32();
            if (count < 0 || (long)count * least > from.BaseStream.Length - from.BaseStream.Position) throw new InvalidDataException($"a list of {count}");
            var items = new T[count];
            for (int i = 0; i < count; i++) items[i] = read();
            return items;
        }

        CodecStep Step() => from.ReadByte() switch
        {
            0 => new SqueezeStep(),
            1 => new PermuteStep(List(4, from.ReadInt32)),
            2 => new CoupleStep(List(1, from.ReadBoolean), Net()),
            3 => from.ReadInt32() is > 0 and <= 1 << 10 and int components ? new FactorStep(Net(), components) : throw new InvalidDataException("a law without components"),
            byte kind => throw new InvalidDataException($"a step of kind {kind}"),
        };

        ExactNet Net()
        {
            var (inputs, middle, shift) = (from.ReadInt32(), from.ReadInt32(), from.ReadInt32());
            return new(inputs, middle, shift, List(20, () =>
            {
                var (source, target, rectifies, kernel) = ((LayerSource)from.ReadByte(), (LayerTarget)from.ReadByte(), from.ReadBoolean(), from.ReadByte());
                if (!Enum.IsDefined(source) || !Enum.IsDefined(target)) throw new InvalidDataException("a layer of no known kind");
                int read = from.ReadInt32();
                byte[] exponents = List(1, from.ReadByte);
                long[] biases = List(8, from.ReadInt64);
                return new ExactLayer(List(2, from.ReadInt16), biases, exponents, read, kernel, source, target, rectifies);
            }));
        }
    }

    private static Stream Open(string path)
    {
        if (!File.Exists(path) && Codec.Shipped.Contains(path)) return Data.EmbeddedRoute.Open($"{path}{Ending}");
        string others = Codec.Shipped.Count == 0 ? "" : $"; FlowKit brings {string.Join(", ", Codec.Shipped)}";
        return File.Exists(path) ? File.OpenRead(path) : throw new FileNotFoundException($"There is no codec {path}{others}.", path);
    }
}
