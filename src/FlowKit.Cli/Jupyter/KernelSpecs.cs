namespace FlowKit.Cli;

/// <summary>Installs FlowKit's kernel where Jupyter finds it, and removes it.</summary>
/// <param name="prefix">Its <c>share/jupyter</c> takes the kernel; null: <paramref name="userFolder"/>.</param>
/// <param name="userFolder">The user's data folder of Jupyter.</param>
internal sealed class KernelSpecs(string? prefix, string userFolder)
{
    /// <summary>The name that FlowKit's notebooks ask for.</summary>
    public const string Wanted = ".net-csharp";

    /// <summary>The name where another kernel has <see cref="Wanted"/>.</summary>
    public const string Fallback = "flowkit-csharp";

    /// <summary>Writes the specification; one of ours that is there already is renewed.</summary>
    /// <param name="name">The name that notebooks use for the kernel; null: <see cref="Wanted"/> where no other kernel has it, else <see cref="Fallback"/>.</param>
    /// <exception cref="CommandException">The name belongs to another kernel, or the folder cannot be written.</exception>
    public KernelSpec Install(string? name)
    {
        var spec = Of(name ?? (IsFree(Wanted) ? Wanted : Fallback));
        if (spec is { Exists: true, IsOurs: false }) throw new UsageException($"{spec.Folder} holds another kernel; choose a --name of your own.");
        spec.Write();
        return spec;
    }

    /// <summary>Removes ours; returns what was removed.</summary>
    /// <param name="name">As it was installed; null: both names it may have.</param>
    /// <exception cref="CommandException">It cannot be removed.</exception>
    public IReadOnlyList<KernelSpec> Uninstall(string? name)
    {
        KernelSpec[] ours = [.. (name is null ? new[] { Wanted, Fallback } : [name]).Select(Of).Where(spec => spec.IsOurs)];
        try
        {
            foreach (var spec in ours) Directory.Delete(spec.Folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(error.Message);
        }
        return ours;
    }

    private KernelSpec Of(string name) => In(prefix is null ? userFolder : Path.Combine(Path.GetFullPath(prefix), "share", "jupyter"), name);

    // A kernel of the same name in another folder would hide ours, or ours would hide it.
    private bool IsFree(string name)
    {
        string[] system = OperatingSystem.IsWindows()
            ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "jupyter")]
            : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
        return system.Append(userFolder).Select(folder => In(folder, name)).Append(Of(name)).All(spec => !spec.Exists || spec.IsOurs);
    }

    private static KernelSpec In(string folder, string name) => new(name, Path.Combine(folder, "kernels", name));
}
