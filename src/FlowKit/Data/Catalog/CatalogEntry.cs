namespace FlowKit.Data;

/// <summary>A data set that FlowKit knows by name: what it is, what may be done with it, and where it comes from.</summary>
/// <param name="Name">The name that <c>flowkit data get</c> takes.</param>
/// <param name="Description">One line: what, how many, in which format.</param>
internal sealed record CatalogEntry(string Name, string Description)
{
    public required string License { get; init; }

    public required string Citation { get; init; }

    /// <summary>Which part is for training and which for testing.</summary>
    public required string Split { get; init; }

    public required IReadOnlyList<CatalogFile> Files { get; init; }

    /// <summary>Whether the library carries the files: no network is needed.</summary>
    public bool IsEmbedded { get; init; }

    /// <summary>Canonical addresses of the folder that holds the files, best first, each ending in a slash.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Debian packages that together hold the files.</summary>
    public IReadOnlyList<string> DebianPackages { get; init; } = [];

    /// <summary>An npm package that holds the files, as name@version.</summary>
    public string? NpmPackage { get; init; }

    /// <summary>The page where a person agrees to the terms and downloads by hand; null if a program may download.</summary>
    public string? Page { get; init; }

    /// <summary>Other names for the data set.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Bytes of all files together; null if one size is unknown.</summary>
    public long? Size => Files.Sum(file => file.Size ?? -1) is var sum && Files.All(file => file.Size is not null) ? sum : null;
}
