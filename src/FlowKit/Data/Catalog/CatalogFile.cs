namespace FlowKit.Data;

/// <summary>One file of a data set.</summary>
/// <param name="Name">In the set's folder, and the last part of its address.</param>
/// <param name="Size">Bytes; null if the size is not known for certain.</param>
/// <param name="Sha256">In lower case; null if it is not known for certain: then the first download is trusted and its checksum recorded.</param>
internal sealed record CatalogFile(string Name, long? Size = null, string? Sha256 = null)
{
    /// <summary>Path within the unpacked package; null if the package does not hold the file itself.</summary>
    public string? InPackage { get; init; }

    /// <summary>Makes the file out of the unpacked package: (folder, target).</summary>
    public Func<string, string, CancellationToken, Task>? Make { get; init; }
}
