namespace FlowKit.Data;

/// <summary>Films of digits that drift over a dark canvas and bounce off its edges (Srivastava, Mansimov, Salakhutdinov 2015, arXiv:1502.04681).</summary>
/// <example><code>
/// var digits = Digits.Load().Images.reshape(-1, 8, 8) * (255.0 / 16);
/// var films = MovingDigits.Create(digits, count: 10, frames: 5, canvas: 32, seed: 1);
/// Console.WriteLine(films);  // => [10x5x1x32x32], type = Byte, device = cpu
/// Figures.Images(films[0].to(float32) / 255, columns: 5)
/// </code></example>
public static class MovingDigits
{
    /// <summary>Films of whole pixel values 0..255, (count, frames, 1, canvas, canvas), uint8. Where digits overlap the brighter pixel shows.</summary>
    /// <param name="digits">Pictures to move, (N, h, w) or (N, 1, h, w), values 0..255. Give train and test different ones.</param>
    /// <param name="count">Films, >= 1.</param>
    /// <param name="frames">Pictures of a film, >= 1.</param>
    /// <param name="canvas">Pixels along a side, at least the digits'.</param>
    /// <param name="digitsPerFilm">How many move, >= 1.</param>
    /// <param name="speed">Pixels per frame.</param>
    /// <param name="seed">Films are equal for equal seeds.</param>
    /// <exception cref="ArgumentException">The digits have another shape, are larger than the canvas, or there are none.</exception>
    public static Tensor Create(Tensor digits, int count, int frames = 20, int canvas = 64, int digitsPerFilm = 2, double speed = 4, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(digits);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(digitsPerFilm, 1);
        if (!double.IsFinite(speed)) throw new ArgumentOutOfRangeException(nameof(speed), speed, "Expected a finite number of pixels.");
        if ((Int128)count * frames * canvas * canvas > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"Expected at most {Array.MaxLength} pixels in all; {count} films of {frames} pictures of {canvas}x{canvas} have more.");
        bool fits = (digits.Dimensions == 3 || digits.Dimensions == 4 && digits.size(1) == 1) && digits.size(0) > 0 && digits.size(-1) <= canvas && digits.size(-2) <= canvas;
        if (!fits) throw new ArgumentException($"digits has shape ({string.Join(", ", digits.shape)}); expected (N, h, w) or (N, 1, h, w) with N >= 1, h and w <= {canvas}.", nameof(digits));

        using var scope = NewDisposeScope();
        if (digits.ge(0).logical_and(digits.le(255)).logical_not().any().ToBoolean()) throw new ArgumentException("digits holds values outside 0..255.", nameof(digits));
        var bytes = digits.detach().to(uint8).cpu().contiguous();
        var (height, width) = ((int)digits.size(-2), (int)digits.size(-1));
        byte[] source = bytes.data<byte>().ToArray();
        byte[] films = new byte[count * frames * canvas * canvas];
        var random = new Random(seed);
        for (int film = 0; film < count; film++)
            for (int k = 0; k < digitsPerFilm; k++)
            {
                int digit = random.Next((int)digits.size(0));
                double angle = random.NextDouble() * 2 * Math.PI;
                var (x, y) = (random.NextDouble() * (canvas - width), random.NextDouble() * (canvas - height));
                for (int frame = 0; frame < frames; frame++)
                {
                    int left = Bounce(x + frame * speed * Math.Cos(angle), canvas - width), top = Bounce(y + frame * speed * Math.Sin(angle), canvas - height);
                    Draw(source.AsSpan(digit * height * width, height * width), width, films.AsSpan((film * frames + frame) * canvas * canvas, canvas * canvas), canvas, left, top);
                }
            }
        return tensor(films, [count, frames, 1, canvas, canvas], dtype: uint8, device: CPU).MoveToOuterDisposeScope();
    }

    // A straight line, folded at 0 and at the far end: what bouncing does.
    private static int Bounce(double position, int room)
    {
        if (room == 0) return 0;
        double folded = Math.Abs(position % (2.0 * room));
        return (int)Math.Round(folded > room ? 2.0 * room - folded : folded);
    }

    private static void Draw(ReadOnlySpan<byte> digit, int width, Span<byte> picture, int canvas, int left, int top)
    {
        for (int i = 0; i < digit.Length; i++)
        {
            ref byte pixel = ref picture[(top + i / width) * canvas + left + i % width];
            pixel = Math.Max(pixel, digit[i]);
        }
    }
}
