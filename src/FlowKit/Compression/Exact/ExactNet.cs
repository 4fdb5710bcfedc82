namespace FlowKit.Compression;

/// <summary>A network in whole numbers, from channels of whole numbers to channels of whole numbers: dense networks and perceptrons with ReLU, made from trained ones by <see cref="Freezing"/>.</summary>
/// <remarks>It reads (x - middle) 2^-shift, clamped to ±256; <see cref="ExactLayer"/> is why its results are the same everywhere. It may be used by several threads at once.</remarks>
internal sealed unsafe class ExactNet
{
    private const int PositionsAtOnce = 2048;             // planes of a batch that stay in the cache

    private readonly int features, between;
    private readonly bool pads;

    /// <summary>A network.</summary>
    /// <param name="inputs">Channels read.</param>
    /// <param name="middle">What is read as 0.</param>
    /// <param name="shift">log2 of what is read as 1, 0..12.</param>
    /// <param name="layers">In their order; the last alone gives the output.</param>
    /// <exception cref="InvalidDataException">A layer reads what is not there.</exception>
    public ExactNet(int inputs, int middle, int shift, IReadOnlyList<ExactLayer> layers)
    {
        (Inputs, Middle, Shift, Layers) = (inputs, middle, shift, layers);
        if (inputs < 1 || layers.Count == 0 || shift is < 0 or > ExactLayer.Fraction) throw new InvalidDataException($"A network has {inputs} inputs and {layers.Count} layers, and counts in 2^{shift}.");
        features = inputs;
        int previous = 0;
        for (int l = 0; l < layers.Count; l++)
        {
            var layer = layers[l];
            bool fits = layer.Inputs <= (layer.From == LayerSource.Features ? features : previous) && layer.To == LayerTarget.Output == (l == layers.Count - 1);
            if (!fits) throw new InvalidDataException($"Layer {l} of a network does not fit the ones before it.");
            if (layer.To == LayerTarget.Features) features += layer.Outputs;
            previous = layer.To == LayerTarget.Next ? layer.Outputs : 0;
            between = Math.Max(between, layer.Outputs);
            pads |= layer.Kernel > 1;
        }
    }

    public int Inputs { get; }

    public int Middle { get; }

    public int Shift { get; }

    public IReadOnlyList<ExactLayer> Layers { get; }

    public int Outputs => Layers[^1].Outputs;

    /// <summary>Every output at every position, a channel (count H W).</summary>
    public int[][] Run(ReadOnlySpan<int[]> inputs, int count, int height, int width)
    {
        int[][] outputs = [.. Enumerable.Range(0, Outputs).Select(_ => new int[count * height * width])];
        int pad = pads ? 1 : 0, stride = width + pad, image = stride * (height + pad), margin = Up(stride + 1);
        int batch = Math.Clamp(PositionsAtOnce / image, 1, count);
        int positions = Up(batch * image);
        nint plane = positions + 2 * margin;
        double[] memory = new double[(features + 2 * between + 1) * plane];
        fixed (double* start = memory)
        {
            double* mask = start + margin;
            for (int n = 0; n < batch; n++)
                for (int y = 0; y < height; y++) new Span<double>(mask + n * image + y * stride, width).Fill(1);
            for (int first = 0; first < count; first += batch)
            {
                int images = Math.Min(batch, count - first);
                Evaluate(inputs, outputs, new(first, images, height, width, stride, image), start, margin, plane, Up(images * image));
            }
        }
        return outputs;
    }

    private void Evaluate(ReadOnlySpan<int[]> inputs, int[][] outputs, Window window, double* start, int margin, nint plane, int positions)
    {
        double* mask = start + margin, h = mask + plane, now = h + features * plane, next = now + between * plane;
        for (int c = 0; c < Inputs; c++) Read(inputs[c], h + c * plane, window);
        int filled = Inputs;
        foreach (var layer in Layers)
        {
            double* to = layer.To == LayerTarget.Features ? h + filled * plane : next;
            layer.Apply(layer.From == LayerSource.Features ? h : now, to, mask, plane, positions, window.Stride);
            if (layer.To == LayerTarget.Features) filled += layer.Outputs;
            else
            {
                double* given = next;
                next = now;
                now = given;
            }
        }
        for (int c = 0; c < Outputs; c++) Write(now + c * plane, outputs[c], window);
    }

    private void Read(int[] from, double* to, Window window)
    {
        for (int n = 0, at = window.First * window.Height * window.Width; n < window.Images; n++)
            for (int y = 0; y < window.Height; y++)
            {
                double* row = to + n * window.Image + y * window.Stride;
                for (int x = 0; x < window.Width; x++)
                {
                    double steps = ((double)from[at++] - Middle) * (1 << (ExactLayer.Fraction - Shift));
                    row[x] = Math.Clamp(steps, -ExactLayer.Greatest, ExactLayer.Greatest);
                }
            }
    }

    private static void Write(double* from, int[] to, Window window)
    {
        for (int n = 0, at = window.First * window.Height * window.Width; n < window.Images; n++)
            for (int y = 0; y < window.Height; y++)
            {
                double* row = from + n * window.Image + y * window.Stride;
                for (int x = 0; x < window.Width; x++) to[at++] = (int)row[x];
            }
    }

    private static int Up(int count) => (count + ExactLayer.Block - 1) / ExactLayer.Block * ExactLayer.Block;

    // Some of the images, and how they lie in a plane.
    private readonly record struct Window(int First, int Images, int Height, int Width, int Stride, int Image);
}
