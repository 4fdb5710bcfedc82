using System.IO.Compression;

namespace FlowKit.Data;

/// <summary>MATLAB's MAT-files of level 5 (The MathWorks, "MAT-File Format"): named arrays, as <c>save</c> writes them up to version 7.</summary>
/// <remarks>
/// Read are arrays of truth values and of real numbers, of any number of dimensions, in either byte order, compressed or not. Types that tensors lack become wider ones: uint16 becomes int32,
/// uint32 and uint64 become int64. Cell arrays, structures, text, and sparse or complex arrays are refused by name. Files of version 7.3 are HDF5: see <see cref="Hdf5File"/>.
/// </remarks>
/// <example><code>
/// // A file that holds a = [1 2; 3 4] in uint8, written byte by byte in place of MATLAB's save("small.mat", "a", "-v6").
/// byte[] matrix = [6, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 8, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 1, 0, (byte)'a', 0, 0, 0, 2, 0, 4, 0, 1, 3, 2, 4];
/// File.WriteAllBytes("small.mat", [.. "MATLAB 5.0 MAT-file".PadRight(124).Select(letter => (byte)letter), 0, 1, .. "IM"u8, 14, 0, 0, 0, (byte)matrix.Length, 0, 0, 0, .. matrix]);
/// Console.WriteLine(string.Join(", ", MatFile.Names("small.mat")));  // => a
/// Console.WriteLine(MatFile.Load("small.mat", "a").npstr());
/// // => [[1, 2]
/// // =>  [3, 4]]
/// </code></example>
public static class MatFile
{
    /// <summary>An array in its own shape: uint8, int8, int16, int32, int64, float32, float64 or bool. A MATLAB array has at least two dimensions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="array">The array's name, such as "X".</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a MAT-file of level 5, is cut off or damaged, or has no such array, or the array is of a kind that is not read.</exception>
    public static Tensor Load(string path, string array)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Read(path, array).contiguous().alias());
    }

    /// <summary>The names of everything the file holds, in its order.</summary>
    /// <inheritdoc cref="Load" path="/exception"/>
    public static IReadOnlyList<string> Names(string path)
    {
        var names = new List<string>();
        Visit(path, (_, head) =>
        {
            if (head.Name.Length > 0) names.Add(head.Name);            // what belongs to objects has no name
            return false;
        });
        return names;
    }

    /// <summary>An array as a view whose memory is in MATLAB's order, the first dimension fastest.</summary>
    internal static Tensor Read(string path, string array)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(array);
        Tensor? found = null;
        var names = new List<string>();
        Visit(path, (element, head) =>
        {
            if (head.Name.Length > 0) names.Add(head.Name);
            if (head.Name != array) return false;
            found = head.Numbers(element);
            return true;
        });
        return found ?? throw FileBytes.Wrong(path, $"an array '{array}'", names.Count == 0 ? "none" : string.Join(", ", names));
    }

    // Shows every array to the visitor until it has taken one, in which case it has read it to its end.
    private static void Visit(string path, Func<MatElements, MatArrayHead, bool> take)
    {
        using var file = FileBytes.Open(path);
        bool isBigEndian = ReadHeader(file);
        for (var elements = new MatElements(file, isBigEndian); elements.TryTag(out var tag);)
        {
            using var section = new SectionStream(file.Stream, tag.Size);
            bool isPacked = tag.Type == MatElements.Compressed;
            if (!isPacked && tag.Type != MatElements.Matrix) throw file.Wrong("an array or a compressed one", $"an element of type {tag.Type}");

            using var inside = new FileBytes(isPacked ? new ZLibStream(section, CompressionMode.Decompress, leaveOpen: true) : section, path);
            var array = new MatElements(inside, isBigEndian);
            if (isPacked && array.Tag("an array") is var inner && inner.Type != MatElements.Matrix) throw file.Wrong("a compressed array", $"a compressed element of type {inner.Type}");
            var head = MatArrayHead.Read(array);
            bool taken = take(array, head);
            if (taken && isPacked) inside.End($"the array '{head.Name}'");                // which also compares the checksum
            if (taken) return;

            using (var rest = new FileBytes(section, path)) rest.SkipToEnd();
            if (section.Left > 0) throw file.Wrong($"{tag.Size} bytes of the array '{head.Name}'", $"the end after {tag.Size - section.Left}");
        }
    }

    // Whether numbers are big-endian.
    private static bool ReadHeader(FileBytes file)
    {
        byte[] header = file.Read(128, "a MAT-file header");
        bool isBigEndian = header[126] == 'M' && header[127] == 'I';
        if (header.AsSpan().StartsWith("MATLAB 7.3"u8)) throw file.Wrong("a MAT-file of level 5", "version 7.3, which is HDF5: Hdf5File.Load reads it, with the dimensions in reverse order");
        if (!isBigEndian && (header[126] != 'I' || header[127] != 'M')) throw file.Wrong("a MAT-file of level 5, with 'IM' or 'MI' at byte 126", Convert.ToHexString(header.AsSpan(126)));
        int version = isBigEndian ? header[124] : header[125];
        return version == 1 ? isBigEndian : throw file.Wrong("version 1 of the level 5 format", $"{version}");
    }
}
