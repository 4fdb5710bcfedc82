namespace FlowKit.Compression;

/// <summary>How an <see cref="ImageArchive"/> is written and read.</summary>
/// <example><code>
/// using FlowKit.Compression;
/// var options = new ArchiveOptions { Threads = 1 };
/// Console.WriteLine(options.Levels is null);  // => True
/// </code></example>
public sealed record ArchiveOptions
{
    /// <summary>Chunks coded at once, >= 1; the result is the same for all. Null: as many as there are processors.</summary>
    public int? Threads { get; init; }

    /// <summary>Levels read of each image, from the coarsest, >= 1; the others are replaced by their means, so that the pictures are approximate. Null: all of them.</summary>
    public int? Levels { get; init; }

    /// <summary>Whether extraction replaces files that exist.</summary>
    public bool Replace { get; init; }

    /// <summary>Told after each image.</summary>
    public IProgress<ArchiveProgress>? Progress { get; init; }

    /// <summary>Stops the work with an <see cref="OperationCanceledException"/>; no partial file is left.</summary>
    public CancellationToken Cancellation { get; init; }

    internal int Workers => Threads is null or >= 1 ? Threads ?? Environment.ProcessorCount : throw new ArgumentOutOfRangeException(nameof(Threads), Threads, "Expected a number >= 1.");
}
