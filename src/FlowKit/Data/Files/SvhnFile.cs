namespace FlowKit.Data;

/// <summary>SVHN, format 2 (Netzer et al. 2011): house numbers cropped to 32x32, in MAT-files with X (32, 32, 3, N) and y (N, 1), the digits 1..9 and 10 for a zero.</summary>
/// <example><code>
/// string train = Path.Combine("data", "train_32x32.mat");                   // Path.Combine(Catalog.Get("svhn"), "train_32x32.mat")
/// if (File.Exists(train)) Console.WriteLine(SvhnFile.Load(train).Images);   // [73257x3x32x32], type = Byte, device = cpu
/// </code></example>
public static class SvhnFile
{
    /// <summary>The images of a file, levels 0..255, (N, 3, 32, 32), uint8, and the digits they show, 0..9.</summary>
    /// <param name="path">Such as train_32x32.mat, test_32x32.mat or extra_32x32.mat.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a MAT-file, is cut off or damaged, or an array is missing or of another type or shape.</exception>
    public static LabeledImages Load(string path)
    {
        using var scope = NewDisposeScope();
        var x = MatFile.Read(path, "X");
        if (x.dtype != uint8 || x.Dimensions is not (3 or 4) || x.size(0) != 32 || x.size(1) != 32 || x.size(2) != 3 || x.Dimensions == 4 && x.size(3) == 0)
            throw FileBytes.Wrong(path, "'X' of shape (32, 32, 3, N), N >= 1, type uint8", $"{Guard.Name(x.dtype)} {Guard.Describe(x)}");
        if (x.Dimensions == 3) x = x.unsqueeze(3);                                // MATLAB drops a last size of 1
        var y = MatFile.Read(path, "y");
        if (y.numel() != x.size(3) || y.Dimensions != 2 || y.size(1) != 1)
            throw FileBytes.Wrong(path, $"'y' of shape ({x.size(3)}, 1)", Guard.Describe(y));

        var digits = y.reshape(-1).to(int64);
        if (!y.reshape(-1).eq(digits).logical_and(digits.ge(1)).logical_and(digits.le(10)).all().ToBoolean()) throw FileBytes.Wrong(path, "labels 1..10", "others");
        return new(scope.MoveToOuter(x.permute(3, 2, 0, 1).contiguous()), scope.MoveToOuter(digits.remainder(10)));
    }
}
