using System.Diagnostics;
using System.Globalization;
using FlowKit.Compression;

namespace FlowKit.Cli;

/// <summary>Shows how far an archive is: a line every few seconds.</summary>
internal sealed class ArchiveLines(CommandHost host) : IProgress<ArchiveProgress>
{
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(2);
    private readonly Stopwatch clock = Stopwatch.StartNew();

    /// <inheritdoc/>
    public void Report(ArchiveProgress value)
    {
        if (clock.Elapsed < pause) return;
        clock.Restart();
        host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {value.Done}/{value.Images} {value.Image}, {value.BitsPerDimension:F3} bits a channel so far"));
        host.Output.Flush();
    }
}
