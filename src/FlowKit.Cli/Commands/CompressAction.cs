using System.Diagnostics;
using System.Globalization;
using FlowKit.Compression;

namespace FlowKit.Cli;

/// <summary>Puts images into one file.</summary>
internal sealed class CompressAction(string model, CommandHost host)
{
    private static readonly string[] endings = [".png", ".pgm", ".ppm"];

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">An image, the model or the target is wrong.</exception>
    public int Run(IReadOnlyList<string> paths, string target, int? threads, bool force, CancellationToken interrupt)
    {
        string[] images = [.. paths.SelectMany(Images)];
        if (images.Any(image => Path.GetFullPath(image) == Path.GetFullPath(target))) throw new UsageException($"'{target}' is one of the images; -o names another file.");
        if (!force && File.Exists(target) && !ImageArchive.IsArchive(target)) throw new UsageException($"'{target}' exists and is not a file that this command wrote; --force replaces it.");

        var clock = Stopwatch.StartNew();
        var done = CodecOptions.Guard(() =>
        {
            try
            {
                AtomicFile.CheckWritable(target);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"{target} cannot be written: {problem.Message}", problem);
            }
            var codec = Codec.Load(model);
            try
            {
                return ImageArchive.Compress(codec, images, target, new() { Threads = threads, Progress = new ArchiveLines(host), Cancellation = interrupt });
            }
            catch (IOException problem) when (problem is not FileNotFoundException)
            {
                throw new IOException($"{target} cannot be written: {problem.Message}", problem);
            }
        });
        host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Phrases.Count(done.Images, "image")}, {done.PixelBytes / 1e6:F2} MB of pixels -> {target}: {done.CodedBytes / 1e6:F2} MB, {done.BitsPerDimension:F3} bits a channel, {done.PixelBytes / 1e6 / clock.Elapsed.TotalSeconds:F2} MB/s"));
        if (done.CodedBytes > done.PixelBytes) host.Output.WriteLine("  that is more than the pixels take: the model was trained on other images, or too little");
        return ExitCode.Ok;
    }

    private IEnumerable<string> Images(string path)
    {
        if (!Directory.Exists(path)) return [path];
        string[] inner = Directory.GetDirectories(path), all = [.. Directory.EnumerateFiles(path).Order(StringComparer.Ordinal)], files = [.. all.Where(file => endings.Contains(Path.GetExtension(file).ToLowerInvariant()))];
        if (files.Length == 0) throw new UsageException($"The folder '{path}' has no image ({string.Join(", ", endings)}).");
        if (files.Length < all.Length) host.Output.WriteLine($"  {path}: {Phrases.Count(all.Length - files.Length, "other file")} left out; only {string.Join(", ", endings)} are taken");
        if (inner.Length > 0) host.Output.WriteLine($"  {path}: {Phrases.Count(inner.Length, "folder")} in it left out; name them to take their images");
        return files;
    }
}
