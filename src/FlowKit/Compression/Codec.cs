namespace FlowKit.Compression;

/// <summary>A lossless coder made from a trained integer discrete flow: images of whole numbers to bytes and back, the same on every machine.</summary>
/// <remarks>
/// <para>Hoogeboom et al. 2019, arXiv:1905.07376: the flow carries x to levels y_1, ..., y_{L-1}, z_L; each is coded by rANS under the law that the flow gives it. The decoder reads z_L first, then y_{L-1}, ..., y_1.</para>
/// <para>Where the paper evaluates its networks in floating point, a codec's are <see cref="Freeze">frozen</see> in whole numbers: weights of 16 bits, activations in steps of 2^-12, means in steps of 1/64, log-scales of 1/16. All sums are
/// exact, so that encoder and decoder agree whatever the processor, the number of threads and the size of a batch. <see cref="LogProb"/> tells the coded length to within 64 bits; it is near the flow's own.</para>
/// <para>Shapes: images are (B, C, H, W), or (B, D) where the flow is one of vectors. Every whole number of 32 bits can be coded; those far from what the flow was trained on take more bits. A codec may be used by several threads at once.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Compression;
/// // The toy flow of two whole numbers, untrained.
/// manual_seed(0);
/// var codec = Codec.Freeze(IntegerDiscreteFlow.Create(features: 2, levels: 16));
/// var x = randint(16, [100, 2], dtype: int64);
/// byte[] bytes = codec.Encode(x);
/// Console.WriteLine(codec.Decode(bytes, count: 100).eq(x).all().ToBoolean());                       // => True
/// Console.WriteLine(8 * bytes.Length + codec.LogProb(x).sum().ToDouble() / Math.Log(2) is > -1 and &lt; 65);  // => True
/// </code></example>
public sealed class Codec
{
    internal Codec(Shape shape, IReadOnlyList<CodecStep> steps, LevelTheta theta)
    {
        (ImageShape, Steps, Theta) = (shape, steps, theta);
        var (channels, height, width) = Sizes(shape);
        foreach (var step in steps) (channels, height, width) = step.After(channels, height, width);
        bool fits = theta.Components >= 1 && theta.Steps.Length == channels * LevelTheta.ParametersOf(theta.Components) && theta.Steps.All(plane => plane.Length == height * width);
        if (!fits) throw new InvalidDataException($"The law of the last level does not fit {channels} channels of {height} x {width}.");
        (Identity, File) = CodecFile.Write(this);
    }

    /// <summary>Sizes of one image, (C, H, W), or of one vector, (D).</summary>
    public Shape ImageShape { get; }

    /// <summary>How many levels a code has, from z_L, the coarsest, to y_1.</summary>
    public int Depth => 1 + Steps.Count(step => step is FactorStep);

    /// <summary>SHA-256 of the codec, in hexadecimal digits: only what has the same one decodes what this one encoded.</summary>
    public string Identity { get; }

    internal IReadOnlyList<CodecStep> Steps { get; }

    internal LevelTheta Theta { get; }

    internal byte[] File { get; }

    /// <summary>The codec of a trained flow.</summary>
    /// <param name="flow">Made by <see cref="Models.IntegerDiscreteFlow"/>, or composed of the same layers: squeezes, permutations, couplings that shift whole numbers, factor-outs, over discretized logistics or mixtures of them;
    /// conditioners are <see cref="Conditioners.DenseNet"/> and <see cref="Conditioners.Mlp"/> with ReLU.</param>
    /// <exception cref="ArgumentException">The flow has a layer, a network or a law that cannot be evaluated exactly; the message names it.</exception>
    public static Codec Freeze(Flow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return Freezing.Freeze(flow);
    }

    /// <summary>Codes images, all in one stream.</summary>
    /// <param name="images">(B, ImageShape...), B >= 1, whole numbers in any dtype.</param>
    /// <exception cref="ArgumentException">The shape is another, or a value is not a whole number of 32 bits.</exception>
    public byte[] Encode(Tensor images) => Encode(Read(images));

    /// <summary>The images that were coded, int32, (count, ImageShape...).</summary>
    /// <param name="code">What <see cref="Encode(Tensor)"/> gave.</param>
    /// <param name="count">How many images it was given.</param>
    /// <param name="levels">How many levels are read, from the coarsest; those left out are replaced by their means (progressive decoding, section 5.4). Null: all, which gives the images themselves.</param>
    /// <exception cref="InvalidDataException">The code is damaged or cut off, as far as that can be seen: damage may as well give other images, which only a checksum can tell.</exception>
    public Tensor Decode(ReadOnlyMemory<byte> code, int count, int? levels = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (levels is < 1 || levels > Depth) throw new ArgumentOutOfRangeException(nameof(levels), levels, $"The codec has {Depth} levels; expected 1..{Depth}.");
        return DecodePlanes(code, count, levels).ToTensor(ImageShape);
    }

    /// <summary>ln P of every image in the frozen tables, (B), float64: what coding takes, an escape's digits included.</summary>
    /// <inheritdoc cref="Encode(Tensor)" path="/param|/exception"/>
    public Tensor LogProb(Tensor images)
    {
        var planes = Read(images);
        double[] bits = new double[planes.Count];
        foreach (var level in Levelled(planes)) level.AddBits(bits);
        return tensor(bits.Select(b => -b * Math.Log(2)).ToArray(), dtype: float64, device: CPU);
    }

    /// <summary>Writes the codec into one file.</summary>
    /// <exception cref="IOException">It cannot be written; an existing file is left unchanged.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.Write(path, stream => stream.Write(File));
    }

    /// <summary>Names of the codecs that FlowKit brings, which <see cref="Load"/> takes too.</summary>
    public static IReadOnlyList<string> Shipped { get; } =
        [.. typeof(Codec).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(CodecFile.Ending, StringComparison.Ordinal)).Select(name => name.Split('.')[^2]).Order(StringComparer.Ordinal)];

    /// <summary>Reads a codec.</summary>
    /// <param name="path">A file, or where there is no file of that name, one of <see cref="Shipped"/>.</param>
    /// <exception cref="FileNotFoundException">There is neither.</exception>
    /// <exception cref="InvalidDataException">The file is no codec, is damaged or cut off, or is of another version.</exception>
    public static Codec Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return CodecFile.Read(path);
    }

    internal byte[] Encode(Planes images)
    {
        var encoder = new RansEncoder(LogisticLaw.Precision);
        var levels = Levelled(images);
        for (int l = levels.Count - 1; l >= 0; l--) levels[l].Push(encoder);
        return encoder.Finish();
    }

    internal Planes DecodePlanes(ReadOnlyMemory<byte> code, int count, int? levels = null)
    {
        var decoder = new RansDecoder(code, LogisticLaw.Precision);
        var (_, height, width) = Sizes(ImageShape);
        int left = levels ?? Depth;
        foreach (var step in Steps)
            if (step is SqueezeStep) (height, width) = (height / 2, width / 2);
        var z = new Planes(Next(Theta, count * height * width), count, height, width);
        for (int i = Steps.Count - 1; i >= 0; i--) z = Steps[i].Inverse(z, Next);
        if (levels is null || levels == Depth) decoder.Finish();
        return z;

        int[][] Next(LevelTheta theta, int positions) => left-- > 0 ? theta.Pull(decoder, positions) : theta.Centers(positions);
    }

    /// <summary>What coding does without the coder itself, to be timed.</summary>
    internal void Networks(Planes images) => Levelled(images);

    private List<CodedLevel> Levelled(Planes x)
    {
        var levels = new List<CodedLevel>();
        foreach (var step in Steps) x = step.Forward(x, levels);
        levels.Add(new(x.Channels, Theta));
        return levels;
    }

    private Planes Read(Tensor images)
    {
        Guard.Batch(images, ImageShape);
        Guard.Number(images);
        if (images.size(0) == 0) throw new ArgumentException("images has no row; expected at least one image.", nameof(images));
        if (images.numel() > Array.MaxLength) throw new ArgumentException($"images holds {images.numel()} numbers; expected at most {Array.MaxLength}. Encode them in parts.", nameof(images));
        return Planes.Of(images, nameof(images));
    }

    internal static (int Channels, int Height, int Width) Sizes(Shape shape) => shape.Count == 3 ? ((int)shape[0], (int)shape[1], (int)shape[2]) : ((int)shape[0], 1, 1);
}
