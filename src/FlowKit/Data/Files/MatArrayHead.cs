using System.Text;

namespace FlowKit.Data;

/// <summary>What a MAT-file says of an array before its numbers: class, flags, sizes and name.</summary>
internal sealed record MatArrayHead(string Name, long[] Shape, int Class, bool IsComplex, bool IsLogical)
{
    private const uint Int32Type = 5, UInt32Type = 6;
    private const int Opaque = 17, LeastBytes = 1, MostSize = 8;

    public static MatArrayHead Read(MatElements elements)
    {
        var (type, flags) = elements.Next("an array's flags", most: 8);
        if (type != UInt32Type || flags.Length != 8) throw elements.File.Wrong("an array's flags, 8 bytes of uint32", $"{flags.Length} bytes of type {type}");
        uint word = elements.Number(flags);

        if ((word & 0xFF) == Opaque) return new(Text(), [], Opaque, IsComplex: false, IsLogical: false);     // has no sizes

        (type, byte[] sizes) = elements.Next("an array's sizes", most: 4 * 64);
        if (type != Int32Type || sizes.Length % 4 != 0 || sizes.Length < 8) throw elements.File.Wrong("at least two sizes of type int32", $"{sizes.Length} bytes of type {type}");
        long[] shape = [.. Enumerable.Range(0, sizes.Length / 4).Select(i => (long)(int)elements.Number(sizes.AsSpan(4 * i)))];
        if (shape.Any(size => size < 0)) throw elements.File.Wrong("sizes >= 0", $"({string.Join(", ", shape)})");

        return new(Text(), shape, (int)(word & 0xFF), IsComplex: (word & 0x0800) != 0, IsLogical: (word & 0x0200) != 0);

        string Text() => Encoding.Latin1.GetString(elements.Next("an array's name", most: 4096).Data);
    }

    /// <summary>The array, as a view whose memory is in MATLAB's order.</summary>
    public Tensor Numbers(MatElements elements)
    {
        if (Kind is { } kind) throw elements.File.Wrong($"an array of real numbers '{Name}'", kind);
        var target = Type;
        RawNumbers.Bytes(Shape, LeastBytes, elements.File.Name);                       // more than an array holds is refused here
        long count = Shape.Aggregate(1L, (product, size) => product * size);
        var (type, data) = elements.Next($"the numbers of '{Name}'", most: Math.Max(MostSize * count, 4));
        var (raw, mask, bits) = Storage(type) ?? throw elements.File.Wrong($"numbers in '{Name}'", $"data of type {type}");
        if (data.Length != count * raw.Size) throw elements.File.Wrong($"{count} numbers of {raw.Size} bytes in '{Name}' of shape ({string.Join(", ", Shape)})", $"{data.Length} bytes");

        using var scope = NewDisposeScope();
        var numbers = raw.Tensor(data, [.. Shape.Reverse()], elements.IsBigEndian);
        if (mask is { } wide) numbers = numbers.to(wide).bitwise_and(tensor((1L << bits) - 1, dtype: wide, device: CPU));
        bool isWhole = target is not (ScalarType.Float32 or ScalarType.Float64);
        if (isWhole && numbers.is_floating_point()) throw elements.File.Wrong($"whole numbers in '{Name}'", "fractions");
        var own = IsLogical ? numbers.ne(0) : numbers.to(target);
        if (!IsLogical && isWhole && target != numbers.dtype && !own.to(numbers.dtype).eq(numbers).all().ToBoolean()) throw elements.File.Wrong($"numbers in '{Name}' that are {Guard.Name(target)}", "others");
        if ((type == 13 || Class == 15) && own.lt(0).any().ToBoolean()) throw elements.File.Wrong($"numbers up to 2^63 - 1 in '{Name}'", "greater ones");
        return scope.MoveToOuter(own.permute([.. Enumerable.Range(0, Shape.Length).Select(i => (long)(Shape.Length - 1 - i))]));
    }

    // What it is if it is not an array of real numbers.
    private string? Kind => Class switch
    {
        1 => "a cell array",
        2 => "a structure",
        3 or Opaque => "an object",
        4 => "text",
        5 => "a sparse array",
        >= 6 and <= 15 => IsComplex ? "complex numbers" : null,
        _ => $"an array of the unknown class {Class}",
    };

    private ScalarType Type => Class switch
    {
        6 => float64,
        7 => float32,
        8 => int8,
        9 => uint8,
        10 => int16,
        11 or 12 => int32,
        _ => int64,
    };

    // How the numbers are stored; unsigned ones that tensors lack are widened, and all but their lowest bits cleared.
    private static (RawNumbers Raw, ScalarType? Wide, int Bits)? Storage(uint type) => type switch
    {
        1 => (RawNumbers.OfNumPy("i1")!, null, 0),
        2 => (RawNumbers.OfNumPy("u1")!, null, 0),
        3 => (RawNumbers.OfNumPy("i2")!, null, 0),
        4 => (RawNumbers.OfNumPy("i2")!, int32, 16),
        5 => (RawNumbers.OfNumPy("i4")!, null, 0),
        6 => (RawNumbers.OfNumPy("i4")!, int64, 32),
        7 => (RawNumbers.OfNumPy("f4")!, null, 0),
        9 => (RawNumbers.OfNumPy("f8")!, null, 0),
        12 or 13 => (RawNumbers.OfNumPy("i8")!, null, 0),
        _ => null,
    };
}
