namespace FlowKit.Data;

/// <summary>Shapes of 8x8 pixels whose hue is not known from the gray picture: each of four shapes has two hues, one with probability 0.3 and one with 0.7. A coloring problem whose truth is known.</summary>
/// <remarks>
/// <para>A shape of 5x5 pixels stands at a random place, with color (a, b) = (cos h, sin h) where it is and (0, 0) elsewhere, and noise of standard deviation 0.1 on every number. The hue h has a standard deviation of 0.2 around one of
/// the two hues of its shape, which lie 120 degrees apart. So the mean color lies between the two hues, where no picture is.</para>
/// <para>A toy of the coloring in Ardizzone et al. 2019, arXiv:1907.02392, section 4.2.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var shapes = ColoredShapes.Draw(1000);
/// Console.WriteLine(shapes.Colors);                                       // => [1000x2x8x8], type = Float32, device = cpu
/// Console.WriteLine(shapes.Gray);                                         // => [1000x1x8x8], type = Float32, device = cpu
/// var hue = ColoredShapes.Hue(shapes.Colors, shapes.Gray);
/// Console.WriteLine(ColoredShapes.NearerHue(hue, shapes.Shape).eq(shapes.Mode).all().ToBoolean());          // => True
/// Console.WriteLine(Math.Abs(shapes.Mode.to(float32).mean().ToDouble() - 0.7) &lt; 0.06);                      // => True
/// </code></example>
public sealed class ColoredShapes
{
    /// <summary>Standard deviation of the hue around either of its means, radians.</summary>
    public const double HueDeviation = 0.2;

    /// <summary>Standard deviation of the noise of each number.</summary>
    public const double Noise = 0.1;

    private const int Side = 8, Pattern = 5;

    private static readonly string[] Patterns =
    [
        "#########################",
        "..#....#..#####..#....#..",
        "######...##...##...######",
        "#...#.#.#...#...#.#.#...#",
    ];

    private ColoredShapes(Tensor colors, Tensor gray, Tensor shape, Tensor mode) => (Colors, Gray, Shape, Mode) = (colors, gray, shape, mode);

    /// <summary>What the four are called.</summary>
    public static IReadOnlyList<string> Names { get; } = ["square", "plus", "frame", "cross"];

    /// <summary>Probabilities of a shape's two hues.</summary>
    public static IReadOnlyList<double> Weights { get; } = [0.3, 0.7];

    /// <summary>a and b, (N, 2, 8, 8).</summary>
    public Tensor Colors { get; }

    /// <summary>1 where the shape is, else 0, (N, 1, 8, 8).</summary>
    public Tensor Gray { get; }

    /// <summary>Which of <see cref="Names"/>, (N), int64.</summary>
    public Tensor Shape { get; }

    /// <summary>Which of its two hues, (N), int64.</summary>
    public Tensor Mode { get; }

    /// <summary>The two hues of a shape, radians.</summary>
    /// <param name="shape">0 to 3.</param>
    public static (double First, double Second) Hues(int shape)
    {
        if (shape is < 0 or > 3) throw new ArgumentOutOfRangeException(nameof(shape), shape, "Expected 0 to 3.");
        return (shape * Math.PI / 2, shape * Math.PI / 2 + Math.Tau / 3);
    }

    /// <summary>Independent pictures.</summary>
    /// <param name="count">N >= 1.</param>
    /// <param name="shape">Which shape all have, 0 to 3; null draws each.</param>
    public static ColoredShapes Draw(long count, int? shape = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (shape is not (null or (>= 0 and <= 3))) throw new ArgumentOutOfRangeException(nameof(shape), shape, "Expected 0 to 3.");
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var which = shape is { } one ? full([count], one, dtype: int64, device: CPU) : randint(0, Names.Count, [count], dtype: int64, device: CPU);
        var place = randint(0, Place * Place, [count], dtype: int64, device: CPU);
        var gray = AllMasks().index_select(0, which * (Place * Place) + place);
        var mode = rand([count], dtype: float32, device: CPU).ge(Weights[0]).to(int64);
        var hue = Mean(which, mode).to(float32) + randn([count], dtype: float32, device: CPU) * HueDeviation;
        var color = stack([hue.cos(), hue.sin()], 1).reshape(-1, 2, 1, 1);
        var colors = gray * color + randn([count, 2, Side, Side], dtype: float32, device: CPU) * Noise;
        return new(colors.MoveToOuterDisposeScope(), gray.MoveToOuterDisposeScope(), which.MoveToOuterDisposeScope(), mode.MoveToOuterDisposeScope());
    }

    /// <summary>The hue of pictures: the angle of the mean color where the shape is, (N), radians in [-pi, pi].</summary>
    /// <param name="colors">(N, 2, 8, 8).</param>
    /// <param name="gray">(N, 1, 8, 8), or (1, 1, 8, 8) for all.</param>
    public static Tensor Hue(Tensor colors, Tensor gray)
    {
        Check(colors, gray);
        using var scope = NewDisposeScope();
        var sums = (colors * gray).sum([2, 3]);
        return scope.MoveToOuter(atan2(sums.select(1, 1), sums.select(1, 0)));
    }

    /// <summary>0 or 1: to which of its shape's two hues a hue is nearer, (N), int64.</summary>
    /// <param name="hue">(N), radians.</param>
    /// <param name="shape">(N), or (1) for all.</param>
    public static Tensor NearerHue(Tensor hue, Tensor shape)
    {
        ArgumentNullException.ThrowIfNull(hue);
        ArgumentNullException.ThrowIfNull(shape);
        using var scope = NewDisposeScope();
        var (first, second) = (Mean(shape, zeros_like(shape)).to(hue.dtype), Mean(shape, ones_like(shape)).to(hue.dtype));
        return scope.MoveToOuter((hue - second).cos().gt((hue - first).cos()).to(int64));
    }

    /// <summary>The exact log p(colors | gray), (N), nats, float64.</summary>
    /// <remarks>Given the hue the numbers are independent and normal; over the hue the trapezoidal rule on the circle is exact to rounding.</remarks>
    /// <param name="colors">(N, 2, 8, 8).</param>
    /// <param name="gray">(N, 1, 8, 8).</param>
    /// <param name="shape">The shape that <paramref name="gray"/> shows, (N).</param>
    public static Tensor LogProb(Tensor colors, Tensor gray, Tensor shape)
    {
        Check(colors, gray);
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.dim() != 1 || shape.size(0) != colors.size(0)) throw new ArgumentException($"shape is {Guard.Describe(shape)} for {colors.size(0)} pictures; expected ({colors.size(0)}).", nameof(shape));
        const int points = 4096;
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (x, mask) = (colors.to(float64), gray.to(float64));
        var sums = (x * mask).sum([2, 3]);                                                      // (N, 2)
        var hue = arange(points, dtype: float64, device: x.device) * (Math.Tau / points);
        var rest = (x.square().sum([1, 2, 3]) + mask.sum([1, 2, 3])) * (-0.5 / (Noise * Noise)) - 128 * Math.Log(Math.Sqrt(Math.Tau) * Noise);
        var parts = new List<Tensor>();
        for (long start = 0; start < x.size(0); start += 512)
        {
            using var part = NewDisposeScope();
            long rows = Math.Min(512, x.size(0) - start);
            var of = shape.narrow(0, start, rows);
            Tensor[] laws = [Law(zeros_like(of), Weights[0]), Law(ones_like(of), Weights[1])];
            var fit = sums.narrow(0, start, rows).mm(stack([hue.cos(), hue.sin()])) / (Noise * Noise);
            parts.Add(part.MoveToOuter((logaddexp(laws[0], laws[1]) + fit).logsumexp(1) + Math.Log(Math.Tau / points)));

            Tensor Law(Tensor mode, double weight)
            {
                var away = hue - Mean(of, mode).to(float64).unsqueeze(1);
                var wrapped = away - (away / Math.Tau).round() * Math.Tau;
                return (wrapped / HueDeviation).square() * -0.5 + Math.Log(weight / (Math.Sqrt(Math.Tau) * HueDeviation));
            }
        }
        return scope.MoveToOuter(cat(parts) + rest);
    }

    private static long Place => Side - Pattern + 1;

    private static Tensor Mean(Tensor shape, Tensor mode) => shape.to(float64) * (Math.PI / 2) + mode.to(float64) * (Math.Tau / 3);

    // (shapes x places, 1, 8, 8).
    private static Tensor AllMasks()
    {
        var pixels = new float[Patterns.Length, Place, Place, Side, Side];
        for (int s = 0; s < Patterns.Length; s++)
            for (int top = 0; top < Place; top++)
                for (int left = 0; left < Place; left++)
                    for (int i = 0; i < Patterns[s].Length; i++)
                        pixels[s, top, left, top + i / Pattern, left + i % Pattern] = Patterns[s][i] == '#' ? 1 : 0;
        return tensor(pixels.Cast<float>().ToArray(), [Patterns.Length * Place * Place, 1, Side, Side], dtype: float32, device: CPU);
    }

    private static void Check(Tensor colors, Tensor gray)
    {
        ArgumentNullException.ThrowIfNull(colors);
        ArgumentNullException.ThrowIfNull(gray);
        if (colors.dim() != 4 || colors.size(1) != 2 || colors.size(2) != Side || colors.size(3) != Side)
            throw new ArgumentException($"Expected colors of shape (N, 2, 8, 8); got {Guard.Describe(colors)}.", nameof(colors));
        if (gray.dim() != 4 || gray.size(1) != 1 || gray.size(2) != Side || gray.size(3) != Side || (gray.size(0) != 1 && gray.size(0) != colors.size(0)))
            throw new ArgumentException($"Expected gray pictures of shape ({colors.size(0)}, 1, 8, 8) or (1, 1, 8, 8); got {Guard.Describe(gray)}.", nameof(gray));
    }
}
