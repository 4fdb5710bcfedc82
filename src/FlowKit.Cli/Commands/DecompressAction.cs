using FlowKit.Compression;

namespace FlowKit.Cli;

/// <summary>Brings images back.</summary>
internal sealed class DecompressAction(string model, CommandHost host)
{
    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">The archive, the model or the target is wrong.</exception>
    public int Run(string archive, string folder, int? levels, int? threads, bool force, CancellationToken interrupt)
    {
        if (File.Exists(folder)) throw new UsageException($"-o names a folder for the images; '{folder}' is a file.");
        var images = CodecOptions.Guard(() =>
        {
            var codec = Codec.Load(model);
            if (levels > codec.Depth) throw new UsageException($"--levels is at most {codec.Depth}, which is what {model} has; it was {levels}.");
            return ImageArchive.Extract(codec, archive, folder, new() { Threads = threads, Levels = levels, Replace = force, Progress = new ArchiveLines(host), Cancellation = interrupt });
        });
        host.Output.WriteLine($"{archive}: {Phrases.Count(images.Count, "image")} -> {folder}{(levels is null ? "" : ", approximate")}");
        return ExitCode.Ok;
    }
}
