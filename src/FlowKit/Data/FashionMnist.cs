namespace FlowKit.Data;

/// <summary>Gray pictures of clothes in ten classes (Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747; MIT): the 10,000 test images inside the library, all 70,000 by the catalog.</summary>
/// <example><code>
/// var (train, validation, test) = FashionMnist.Split(side: 14);
/// Console.WriteLine(train.Images);                         // => [7500x1x14x14], type = Float32, device = cpu
/// Console.WriteLine(test.Labels.narrow(0, 0, 5).npstr());  // => [7, 2, 2, 3, 6]
/// </code></example>
public sealed class FashionMnist
{
    /// <summary>Gray levels of a pixel, 0..255.</summary>
    public const int Levels = 256;

    private FashionMnist(Tensor images, Tensor labels) => (Images, Labels) = (images, labels);

    /// <summary>Whole pixel values 0..255, (N, 1, S, S), float32.</summary>
    public Tensor Images { get; }

    /// <summary>Classes 0..9: T-shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle boot. (N), int64.</summary>
    public Tensor Labels { get; }

    /// <summary>The 10,000 images inside the library: 7500 to train on, 500 to stop by, 2000 to test on. No figure on them compares with a published one.</summary>
    /// <param name="side">S: 28, or 14 for means of 2x2 blocks, rounded to whole levels.</param>
    /// <param name="seed">Chooses the images; null splits by index, as the chapters do.</param>
    /// <exception cref="ArgumentOutOfRangeException">The side is neither 28 nor 14.</exception>
    public static (FashionMnist Train, FashionMnist Validation, FashionMnist Test) Split(int side = 28, int? seed = null)
    {
        CheckSide(side);
        using var images = IdxFile.Embedded("t10k-images-idx3-ubyte.gz");
        using var labels = IdxFile.Embedded("t10k-labels-idx1-ubyte.gz");
        var rows = Rows(10_000, seed, 7500, 500, 2000);
        return (Part(images, labels, rows[0], side), Part(images, labels, rows[1], side), Part(images, labels, rows[2], side));
    }

    /// <summary>The split of the papers: the last 5000 of the 60,000 training images to stop by, the 10,000 test images to test on. The catalog fetches missing files.</summary>
    /// <param name="side">As of <see cref="Split"/>.</param>
    /// <param name="seed">Chooses the 5000 images; null takes the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">The side is neither 28 nor 14.</exception>
    /// <exception cref="IOException">The files could not be fetched.</exception>
    public static (FashionMnist Train, FashionMnist Validation, FashionMnist Test) SplitAll(int side = 28, int? seed = null)
    {
        CheckSide(side);
        string folder = Catalog.Get("fashion-mnist");
        using var images = Load("train-images-idx3-ubyte.gz");
        using var labels = Load("train-labels-idx1-ubyte.gz");
        using var testImages = Load("t10k-images-idx3-ubyte.gz");
        using var testLabels = Load("t10k-labels-idx1-ubyte.gz");
        var rows = Rows(60_000, seed, 55_000, 5000);
        return (Part(images, labels, rows[0], side), Part(images, labels, rows[1], side), Part(testImages, testLabels, arange(10_000, dtype: int64, device: CPU), side));

        Tensor Load(string file) => IdxFile.Load(Path.Combine(folder, file));
    }

    private static Tensor[] Rows(long count, int? seed, params long[] sizes)
    {
        if (seed is { } given) return Partition.OfSizes(count, given, sizes);
        using var all = arange(count, dtype: int64, device: CPU);
        return all.split(sizes);
    }

    // The rows are used up.
    private static FashionMnist Part(Tensor images, Tensor labels, Tensor rows, int side)
    {
        using var scope = NewDisposeScope();
        using var used = rows;
        var pixels = images.index_select(0, rows).unsqueeze(1).to(float32);
        if (side == 14) pixels = nn.functional.avg_pool2d(pixels, 2).round();
        return new(pixels.MoveToOuterDisposeScope(), labels.index_select(0, rows).to(int64).MoveToOuterDisposeScope());
    }

    private static void CheckSide(int side)
    {
        if (side is not (14 or 28)) throw new ArgumentOutOfRangeException(nameof(side), side, "Expected 14 or 28.");
    }
}
