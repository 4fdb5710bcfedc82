namespace FlowKit.Data;

/// <summary>Downsampled ImageNet as its authors give it (Chrabaszcz, Loshchilov, Hutter 2017, arXiv:1707.08819): NPZ files with 'data' (N, 3 S S) and 'labels' 1..1000.</summary>
/// <example><code>
/// using System.IO.Compression;
///
/// // Two black images in place of val_data.npz.
/// using (var zip = new ZipArchive(File.Create("val_data.npz"), ZipArchiveMode.Create))
/// {
///     Write(zip, "data", "(2, 3072)", new byte[2 * 3072]);
///     Write(zip, "labels", "(2,)", [1, 9]);
/// }
/// var (images, labels) = ImageNet32File.Load("val_data.npz");
/// Console.WriteLine(images);          // => [2x3x32x32], type = Byte, device = cpu
/// Console.WriteLine(labels.npstr());  // => [0, 8]
///
/// void Write(ZipArchive zip, string array, string shape, byte[] values)
/// {
///     using var entry = zip.CreateEntry(array + ".npy").Open();
///     string header = $"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}}}\n";
///     entry.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header.Select(letter => (byte)letter), .. values]);
/// }
/// </code></example>
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
