using System.Formats.Tar;

namespace FlowKit.Data;

/// <summary>CIFAR's binary version (A. Krizhevsky 2009): records of one label (CIFAR-10) or two, coarse and fine (CIFAR-100), then 3 x 32 x 32 bytes, red first, row by row.</summary>
/// <example><code>
/// File.WriteAllBytes("batch.bin", [7, .. new byte[3 * 32 * 32]]);       // one black horse, in place of data_batch_1.bin
/// var (images, labels) = CifarFile.Load("batch.bin");
/// Console.WriteLine(images);               // => [1x3x32x32], type = Byte, device = cpu
/// Console.WriteLine(labels[0].ToInt64());  // => 7
/// </code></example>
public static class CifarFile
{
    private const int Pixels = 3 * 32 * 32;

    /// <summary>The images of a file, (N, 3, 32, 32), and their classes: 0..9 of CIFAR-10, the fine ones 0..99 of CIFAR-100.</summary>
    /// <param name="path">Such as data_batch_1.bin or train.bin; plain or gzip.</param>
    /// <param name="classes">10 or 100.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file does not hold a whole number of records, or a label is outside the classes.</exception>
    public static LabeledImages Load(string path, int classes = 10)
    {
        CheckClasses(classes);
        using var file = FileBytes.Open(path);
        return Parse(file, classes);
    }

    /// <summary>The training or the test images of the archive as it is published: cifar-10-binary.tar.gz or cifar-100-binary.tar.gz.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="test">Its 10,000 test images instead of its 50,000 for training.</param>
    /// <param name="classes">10 or 100.</param>
    /// <inheritdoc cref="Load" path="/exception"/>
    public static LabeledImages LoadArchive(string path, bool test = false, int classes = 10)
    {
        CheckClasses(classes);
        string[] names = (classes, test) switch
        {
            (10, false) => [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")],
            (10, true) => ["test_batch.bin"],
            (_, false) => ["train.bin"],
            _ => ["test.bin"],
        };
        using var scope = NewDisposeScope();
        var parts = Members(path, names, classes);
        return parts.Count == names.Length
            ? new(cat([.. names.Select(name => parts[name].Images)]).MoveToOuterDisposeScope(), cat([.. names.Select(name => parts[name].Labels)]).MoveToOuterDisposeScope())
            : throw FileBytes.Wrong(path, $"an archive with {string.Join(", ", names)}", parts.Count == 0 ? "none of them" : $"only {string.Join(", ", parts.Keys)}");
    }

    private static Dictionary<string, LabeledImages> Members(string path, string[] names, int classes)
    {
        using var file = FileBytes.Open(path);
        var parts = new Dictionary<string, LabeledImages>();
        try
        {
            using var tar = new TarReader(file.Stream);
            while (parts.Count < names.Length && tar.GetNextEntry() is { } entry)
            {
                string name = Path.GetFileName(entry.Name);
                if (!names.Contains(name) || entry.DataStream is null) continue;
                parts[name] = Parse(new FileBytes(entry.DataStream, $"{path}/{name}"), classes);
            }
        }
        catch (Exception error) when (file.IsDamagedTar(error))
        {
            throw file.Wrong("a whole tar archive", "damaged data", error);
        }
        return parts;
    }

    private static LabeledImages Parse(FileBytes file, int classes)
    {
        byte[] bytes = file.ReadToEnd();
        int labels = classes == 10 ? 1 : 2;
        if (bytes.Length == 0 || bytes.Length % (labels + Pixels) != 0)
            throw file.Wrong($"records of {labels + Pixels} bytes each", $"{bytes.Length} bytes, which is {bytes.Length / (labels + Pixels)} records and {bytes.Length % (labels + Pixels)} bytes");

        int count = bytes.Length / (labels + Pixels);
        for (int i = 0; i < count; i++)
            if (bytes[i * (labels + Pixels) + labels - 1] is var label && label >= classes)
                throw file.Wrong($"labels 0..{classes - 1}", $"{label} in record {i}");
        using var all = tensor(bytes, [count, labels + Pixels], dtype: uint8, device: CPU);
        return new(all.narrow(1, labels, Pixels).reshape(count, 3, 32, 32), all.select(1, labels - 1).to(int64));
    }

    private static void CheckClasses(int classes)
    {
        if (classes is not (10 or 100)) throw new ArgumentOutOfRangeException(nameof(classes), classes, "Expected 10 or 100.");
    }
}
