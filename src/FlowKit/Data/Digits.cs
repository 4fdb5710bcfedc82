namespace FlowKit.Data;

/// <summary>1797 handwritten digits of 8x8 pixels, 17 levels 0..16 (E. Alpaydin, C. Kaynak, UCI 1998; CC BY 4.0). Carried inside the library.</summary>
/// <example><code>
/// var (train, validation, test) = Digits.Split(seed: 1);
/// Console.WriteLine(train.Images);                                       // => [1300x64], type = Float32, device = cpu
/// Console.WriteLine(train.Images.max().ToInt32() == Digits.Levels - 1);  // => True
/// Figures.Images(train.Images.reshape(-1, 8, 8).narrow(0, 0, 20) / 16)
/// </code></example>
public sealed class Digits
{
    /// <summary>Images in the whole set.</summary>
    public const int Count = 1797;

    /// <summary>Pixels in an image, D = 8 * 8.</summary>
    public const int Pixels = 64;

    /// <summary>Gray levels of a pixel, 0..16.</summary>
    public const int Levels = 17;

    private Digits(Tensor images, Tensor labels) => (Images, Labels) = (images, labels);

    /// <summary>Pixel values 0..16, row by row, (N, 64), float32.</summary>
    public Tensor Images { get; }

    /// <summary>Classes 0..9, (N), int64.</summary>
    public Tensor Labels { get; }

    /// <summary>All 1797 images, in the set's own order.</summary>
    public static Digits Load()
    {
        using var scope = NewDisposeScope();
        using var file = FileBytes.Embedded("digits.csv.gz");
        var rows = CsvFile.Load(file, header: false).Values;
        return new(rows.narrow(1, 0, Pixels).to(float32).contiguous().MoveToOuterDisposeScope(), rows.select(1, Pixels).to(int64).MoveToOuterDisposeScope());
    }

    /// <summary>1300 to train on, 100 to stop by, 397 to test on.</summary>
    /// <param name="seed">Chooses the digits; null splits by index, so that the test digits come from other writers.</param>
    public static (Digits Train, Digits Validation, Digits Test) Split(int? seed = null)
    {
        using var scope = NewDisposeScope();
        var all = Load();
        var rows = seed is { } given ? Partition.OfSizes(Count, given, 1300, 100, 397) : arange(Count, dtype: int64, device: CPU).split([1300L, 100, 397]);
        return (all.Part(scope, rows[0]), all.Part(scope, rows[1]), all.Part(scope, rows[2]));
    }

    private Digits Part(DisposeScope scope, Tensor rows)
    {
        var (images, labels) = scope.MoveToOuter(Images.index_select(0, rows), Labels.index_select(0, rows));
        return new(images, labels);
    }
}
