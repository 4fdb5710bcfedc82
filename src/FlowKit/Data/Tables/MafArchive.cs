using System.Formats.Tar;

namespace FlowKit.Data;

/// <summary>The files of the MAF paper's tables (Zenodo record 1161203): in a folder, or still in the archive there, out of which they are unpacked when they are wanted.</summary>
internal static class MafArchive
{
    private const string Entry = "maf-tables", Archive = "data.tar.gz";

    /// <summary>Path of a file such as power/data.npy; beside the archive it is unpacked into the folder data, once.</summary>
    /// <exception cref="FileNotFoundException">It is neither in the folder nor in an archive there.</exception>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    public static string Place(string file, string? folder)
    {
        if (Unpacked(file, folder ?? DataStore.OfUser().FolderOf(Catalog.Find(Entry)).Path) is { } there) return there;          // without a sum over gigabytes

        folder ??= Catalog.Get(Entry);
        string archive = Path.Combine(folder, Archive);
        if (File.Exists(archive) && Unpack(archive, file, Path.Combine(folder, "data", file))) return Path.Combine(folder, "data", file);
        if (file == MafTables.Gases) throw Unconverted(folder, archive);
        throw new FileNotFoundException($"There is no file {file} in {Path.GetFullPath(folder)}, nor in an archive {Archive} there. Catalog.Get(\"{Entry}\") fetches the archive.", Path.Combine(folder, file));
    }

    private static string? Unpacked(string file, string folder) => new[] { Path.Combine(folder, file), Path.Combine(folder, "data", file) }.FirstOrDefault(File.Exists);

    private static FileNotFoundException Unconverted(string folder, string archive)
    {
        string pickle = Path.ChangeExtension(MafTables.Gases, "pickle");
        string? source = Unpacked(pickle, folder) ?? (File.Exists(archive) && Unpack(archive, pickle, Path.Combine(folder, "data", pickle)) ? Path.Combine(folder, "data", pickle) : null);
        source = Path.GetFullPath(source ?? Path.Combine(folder, pickle));
        string target = Path.ChangeExtension(source, "npy");
        return new FileNotFoundException($"There is no file {target}. The archive has a pickle in its place, which only Python reads, and reading it runs what is in it. With pandas: "
            + $"python3 -c \"import numpy, pandas; numpy.save(r'{target}', pandas.read_pickle(r'{source}').drop(columns=['Time', 'Meth', 'Eth']).to_numpy(float))\"", target);
    }

    private static bool Unpack(string archive, string file, string target)
    {
        using var bytes = FileBytes.Open(archive);
        try
        {
            using var tar = new TarReader(bytes.Stream);
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.DataStream is null || !$"/{entry.Name}".EndsWith($"/{file}", StringComparison.Ordinal)) continue;
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                entry.ExtractToFile(target + ".part", overwrite: true);
                File.Move(target + ".part", target, overwrite: true);
                return true;
            }
            return false;
        }
        catch (Exception error) when (bytes.IsDamagedTar(error))
        {
            throw bytes.Wrong("a whole tar archive", "damaged data", error);
        }
    }
}
