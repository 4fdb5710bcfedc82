namespace FlowKit.Cli;

/// <summary>Sets of packages that were restored before, one file for each set.</summary>
/// <remarks>Programs that restore the same set at the same time use separate folders, and each then puts the same file in place, so nothing needs a lock.</remarks>
/// <param name="folder">Where the files are kept; it is created on first use.</param>
internal sealed class PackageCache(string folder)
{
    private static readonly TimeSpan newest = TimeSpan.FromDays(1);         // how long "the newest version" stays an answer

    /// <summary>The packages of a project, restored if necessary.</summary>
    /// <exception cref="PackageRestoreException">NuGet could not restore them.</exception>
    public IReadOnlyList<RestoredPackage> Get(PackageProject project)
    {
        string file = Path.Combine(Directory.CreateDirectory(folder).FullName, project.Key + ".json");
        var known = Read(file);
        if (known is not null && (!project.IsFloating || DateTime.UtcNow - File.GetLastWriteTimeUtc(file) < newest)) return known;

        try
        {
            Restore(project, file);
        }
        catch (PackageRestoreException) when (known is not null)
        {
            return known;                                       // without a network, what was the newest yesterday
        }
        return RestoredPackages.Read(file);
    }

    private static IReadOnlyList<RestoredPackage>? Read(string file)
    {
        if (!File.Exists(file)) return null;
        var packages = RestoredPackages.Read(file);
        return packages.All(package => package.IsWhole) ? packages : null;
    }

    private static void Restore(PackageProject project, string file)
    {
        string scratch = Path.ChangeExtension(file, Guid.NewGuid().ToString("N"));
        try
        {
            Directory.CreateDirectory(scratch);
            string path = Path.Combine(scratch, "packages.csproj");
            File.WriteAllText(path, project.Text);
            NuGetRestore.Run(path);
            File.Move(Path.Combine(scratch, "obj", "project.assets.json"), file, overwrite: true);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }
}
