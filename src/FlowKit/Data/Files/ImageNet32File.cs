namespace FlowKit.Data;

/// <summary>Downsampled ImageNet as its authors give it (Chrabaszcz, Loshchilov, Hutter 2017, arXiv:1707.08819): NPZ files with 'data' (N, 3 S S) and 'labels' 1..1000.</summary>
public static class ImageNet32File
{
    /// <summary>The images of one file, (N, 3, S, S) with S = 16, 32 or 64 as the data tell, and their classes, counted from 0.</summary>
    /// <param name="path">Such as train_data_batch_1.npz or val_data.npz.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not such an NPZ file: an array is missing, damaged, or of another type or shape.</exception>
    public static LabeledImages Load(string path)
    {
        using var data = NpyFile.Load(path, "data");
        using var labels = NpyFile.Load(path, "labels");
        long side = data.Dimensions == 2 ? (long)Math.Sqrt(data.size(1) / 3.0) : 0;
        if (data.dtype != uint8 || side is not (16 or 32 or 64) || data.size(1) != 3 * side * side || data.size(0) == 0)
            throw FileBytes.Wrong(path, "'data' of shape (N, 3 S S), N >= 1, S of 16, 32, 64, type u1", $"{data.dtype} ({string.Join(", ", data.shape)})");
        if (labels.Dimensions != 1 || labels.size(0) != data.size(0) || labels.is_floating_point() || labels.dtype == @bool)
            throw FileBytes.Wrong(path, $"'labels' of shape ({data.size(0)}) and whole numbers", $"{labels.dtype} ({string.Join(", ", labels.shape)})");

        using var classes = labels.to(int64);
        using var outside = classes.lt(1).logical_or(classes.gt(1000)).any();
        if (outside.ToBoolean()) throw FileBytes.Wrong(path, "labels 1..1000", "others");
        return new(data.reshape(-1, 3, side, side).clone(), classes - 1L);
    }
}
