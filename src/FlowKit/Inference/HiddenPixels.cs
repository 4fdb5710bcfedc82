namespace FlowKit.Inference;

/// <summary>Which pixels of a picture are hidden, and what to call them.</summary>
/// <param name="Name">Such as "top rows".</param>
/// <param name="Mask">(H, W), bool: true = hidden. <see cref="Inpainting"/> takes it flattened for pictures that are vectors.</param>
/// <remarks>The ten kinds are those of the inpainting figure in Dinh, Krueger, Bengio 2015, arXiv:1410.8516, section 5.2.</remarks>
/// <example><code>
/// foreach (var (name, mask) in HiddenPixels.All(height: 28, width: 28).Take(3)) Console.WriteLine($"{name}: {mask.sum().ToInt64()} of 784");
/// // => top rows: 392 of 784
/// // => bottom rows: 392 of 784
/// // => odd pixels: 392 of 784
/// </code></example>
public sealed record HiddenPixels(string Name, Tensor Mask)
{
    /// <summary>Top and bottom rows, odd and even pixels of a checkerboard, left and right side, the middle half of the columns and of the rows, and 75 and 90 % at random.</summary>
    /// <param name="height">H >= 2.</param>
    /// <param name="width">W >= 2.</param>
    /// <param name="seed">Seed of the random masks; a seed gives the same masks on every machine.</param>
    public static IReadOnlyList<HiddenPixels> All(int height, int width, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 2);
        var random = new Random(seed);
        return
        [
            Where("top rows", (r, _) => r < height / 2),
            Where("bottom rows", (r, _) => r >= height / 2),
            Where("odd pixels", (r, c) => (r + c) % 2 == 1),
            Where("even pixels", (r, c) => (r + c) % 2 == 0),
            Where("left side", (_, c) => c < width / 2),
            Where("right side", (_, c) => c >= width / 2),
            Where("middle columns", (_, c) => IsMiddle(c, width)),
            Where("middle rows", (r, _) => IsMiddle(r, height)),
            AtRandom("75 % at random", 0.75),
            AtRandom("90 % at random", 0.90),
        ];

        HiddenPixels Where(string name, Func<int, int, bool> isHidden)
        {
            bool[] mask = [.. from r in Enumerable.Range(0, height) from c in Enumerable.Range(0, width) select isHidden(r, c)];
            return new(name, tensor(mask, [height, width], dtype: @bool, device: CPU));
        }

        HiddenPixels AtRandom(string name, double part)
        {
            int[] order = [.. Enumerable.Range(0, height * width)];
            random.Shuffle(order);
            int count = (int)Math.Round(part * order.Length);
            return Where(name, (r, c) => order[r * width + c] < count);
        }

        static bool IsMiddle(int place, int size) => place >= size / 4 && place < size - size / 4;
    }
}
