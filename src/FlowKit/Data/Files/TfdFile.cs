namespace FlowKit.Data;

/// <summary>The Toronto Face Dataset (Susskind, Anderson, Hinton 2010, technical report UTML TR 2010-001): gray faces in seven expressions, most of them without a label, in five folds.</summary>
/// <remarks>
/// The set is given by its authors on request and is not in the catalog. What is read here follows public descriptions of the MAT-file, not the file itself, which we have not seen: images
/// (N, S, S) with levels 0..255, S = 48 in TFD_48x48.mat; labs_ex, N expressions 1..7, or -1 where there is none; folds (N, 5), 0 for unlabeled, 1 for training, 2 for validation, 3 for testing.
/// </remarks>
/// <example><code>
/// string path = "TFD_48x48.mat";
/// if (File.Exists(path))
/// {
///     var (unlabeled, train, validation, test) = TfdFile.Load(path).Split(fold: 0);
///     Console.WriteLine(train.Images);
/// }
/// </code></example>
public sealed class TfdFile
{
    private const int UnlabeledPart = 0, TestPart = 3;

    private TfdFile(Tensor images, Tensor labels, Tensor folds) => (Images, Labels, Folds) = (images, labels, folds);

    /// <summary>Levels 0..255, (N, 1, S, S), uint8.</summary>
    public Tensor Images { get; }

    /// <summary>Expressions 0..6, or -1 where there is none, (N), int64.</summary>
    public Tensor Labels { get; }

    /// <summary>Which part each image belongs to in each fold, (N, K), int64: 0 unlabeled, 1 training, 2 validation, 3 test.</summary>
    public Tensor Folds { get; }

    /// <summary>Reads a file such as TFD_48x48.mat.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a MAT-file, is cut off or damaged, or an array is missing or of another type, shape or range.</exception>
    public static TfdFile Load(string path)
    {
        using var scope = NewDisposeScope();
        var images = MatFile.Read(path, "images");
        if (images.Dimensions != 3 || images.size(0) == 0 || images.size(1) != images.size(2) || images.size(1) == 0)
            throw FileBytes.Wrong(path, "'images' of shape (N, S, S), N >= 1", Guard.Describe(images));
        var labels = Whole("labs_ex", -1, 7);
        if (labels.numel() != images.size(0)) throw FileBytes.Wrong(path, $"'labs_ex' with {images.size(0)} labels", Guard.Describe(labels));
        var folds = Whole("folds", UnlabeledPart, TestPart);
        if (folds.Dimensions != 2 || folds.size(0) != images.size(0) || folds.size(1) == 0) throw FileBytes.Wrong(path, $"'folds' of shape ({images.size(0)}, K), K >= 1", Guard.Describe(folds));

        labels = labels.reshape(-1);
        return new(
            scope.MoveToOuter(Levels(images, "images", 0, 255).to(uint8).unsqueeze(1).contiguous()),
            scope.MoveToOuter(where(labels.le(0), full_like(labels, -1), labels - 1)),
            scope.MoveToOuter(folds.contiguous().clone()));

        Tensor Whole(string array, int least, int most) => Levels(MatFile.Read(path, array), array, least, most).to(int64);

        Tensor Levels(Tensor values, string array, int least, int most) => values.min().ToDouble() >= least && values.max().ToDouble() <= most && (!values.is_floating_point() || values.eq(values.round()).all().ToBoolean())
            ? values
            : throw FileBytes.Wrong(path, $"whole numbers {least}..{most} in '{array}'", "others");
    }

    /// <summary>The four parts of one fold; the unlabeled images have the label -1.</summary>
    /// <param name="fold">0..K-1; the set has K = 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such fold.</exception>
    public (LabeledImages Unlabeled, LabeledImages Train, LabeledImages Validation, LabeledImages Test) Split(int fold)
    {
        if (fold < 0 || fold >= Folds.size(1)) throw new ArgumentOutOfRangeException(nameof(fold), fold, $"Expected 0..{Folds.size(1) - 1}.");
        return (Part(0), Part(1), Part(2), Part(3));

        LabeledImages Part(int part)
        {
            using var scope = NewDisposeScope();
            var rows = Folds.select(1, fold).eq(part).nonzero().flatten();
            return new(scope.MoveToOuter(Images.index_select(0, rows)), scope.MoveToOuter(Labels.index_select(0, rows)));
        }
    }
}
