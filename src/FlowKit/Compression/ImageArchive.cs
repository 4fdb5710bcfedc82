namespace FlowKit.Compression;

/// <summary>Image files in one smaller file, and back: PNG and binary PGM and PPM of 8 bits a channel, gray or color, of any size.</summary>
/// <remarks>
/// <para>What is promised: names, sizes, channels and the value of every pixel, exactly. A PNG comes back as a PNG that may differ in its compression and lacks texts and color profiles; a palette comes back as color;
/// a PGM or PPM comes back without its comments. Refused by name: transparency, 16 bits, animations, other formats.</para>
/// <para>File, numbers little-endian: "FKZ" 1A, version (u16), then blocks, each with its kind (u8), length (u32), content, and a checksum of 8 bytes from the SHA-256 of its number in the file (u64), kind, length and content.
/// Start (0): SHA-256 of the codec, number of images (u32). For each image, Image (1): format (u8; 0 PNG, 1 PNM), width, height (u32), channels (u8), 16 bytes of the SHA-256 of its pixels, file name in UTF-8; then its
/// Chunks (2): patches from left to right and downwards, at most 65,536 pixels a chunk, edges padded by repetition, as <see cref="Codec.Encode(Tensor)"/> codes them. End (3): empty; nothing follows.</para>
/// <para>Sizes are checked before memory is taken for them, and all checksums before the first image is written: a damaged archive gives no image. An archive is written whole or not at all.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Compression;
/// // An untrained codec; 'flowkit train-codec' makes good ones.
/// manual_seed(0);
/// var codec = Codec.Freeze(IntegerDiscreteFlow.ForImages(new(3, 16, 16) { Couplings = 1, Maps = 16 }));
/// string folder = Catalog.Get("photographs");
/// ImageArchive.Compress(codec, [Path.Combine(folder, "chelsea.png")], "cat.fkz");
/// ImageArchive.Extract(codec, "cat.fkz", "back");
/// Console.WriteLine(ImageFile.Load("back/chelsea.png").eq(Photographs.Load("chelsea")).all().ToBoolean());  // => True
/// </code></example>
public static class ImageArchive
{
    private const int Version = 1, IdentityBytes = 32, MostImages = 10_000_000;

    private static ReadOnlySpan<byte> Magic => "FKZ\x1a"u8;

    /// <summary>Whether a file begins as an archive does.</summary>
    public static bool IsArchive(string path)
    {
        using var file = File.OpenRead(path);
        byte[] start = new byte[Magic.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual(Magic);
    }

    /// <summary>Codes image files into one.</summary>
    /// <param name="codec">Of images of one channel, for gray and color, or of three, for color alone.</param>
    /// <param name="images">Files, each with another name: folders are not kept.</param>
    /// <param name="archive">The file to write; an existing one is replaced when everything is done.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no file, or two have one name.</exception>
    /// <exception cref="InvalidDataException">A file is no image that can be kept exactly; the message names it and says why.</exception>
    /// <exception cref="IOException">A file cannot be read, or the archive cannot be written.</exception>
    public static ArchiveProgress Compress(Codec codec, IReadOnlyList<string> images, string archive, ArchiveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentException.ThrowIfNullOrWhiteSpace(archive);
        options ??= new();
        if (images.Count is 0 or > MostImages) throw new ArgumentException($"Expected 1 to {MostImages} images; got {images.Count}.", nameof(images));
        var twice = images.GroupBy(path => Path.GetFileName(path), StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new ArgumentException($"Two images have the name {twice.Key}: {string.Join(" and ", twice.Take(2))}.", nameof(images));

        var progress = new ArchiveProgress("", 0, images.Count, 0, 0);
        AtomicFile.Write(archive, stream =>
        {
            stream.Write(Magic);
            stream.Write(BitConverter.GetBytes((ushort)Version));
            var blocks = new BlockWriter(stream);
            blocks.Write(BlockKind.Start, [.. Convert.FromHexString(codec.Identity), .. BitConverter.GetBytes(images.Count)]);
            var work = new OrderedWork<byte[]>(options.Workers, options.Cancellation);
            foreach (string path in images)
            {
                var image = PixelFile.Read(path);
                var (grid, header) = About(path, () => (new PatchGrid(codec, image.Width, image.Height, image.Channels), ImageHeader.Of(Path.GetFileName(path), image).ToBytes()));
                for (int chunk = 0; chunk < grid.Chunks; chunk++)
                {
                    int own = chunk;
                    work.Add(() => codec.Encode(grid.Cut(image.Pixels, own)), code =>
                    {
                        if (own == 0) blocks.Write(BlockKind.Image, header);
                        blocks.Write(BlockKind.Chunk, code);
                        if (own < grid.Chunks - 1) return;
                        progress = new(Path.GetFileName(path), progress.Done + 1, images.Count, progress.PixelBytes + image.Pixels.Length, stream.Position);
                        options.Progress?.Report(progress);
                    });
                }
            }
            work.Finish();
            blocks.Write(BlockKind.End, []);
            progress = progress with { CodedBytes = stream.Position };
        });
        return progress;
    }

    /// <summary>Writes the images of an archive into a folder, which is made if there is none.</summary>
    /// <param name="codec">The one that the archive was made with.</param>
    /// <param name="archive">The file.</param>
    /// <param name="folder">For the images.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>Where the images are.</returns>
    /// <exception cref="InvalidDataException">The file is no archive, is damaged or cut off, is of another version, or was made with another codec.</exception>
    /// <exception cref="IOException">A file exists already and is not to be replaced, or cannot be written.</exception>
    public static IReadOnlyList<string> Extract(Codec codec, string archive, string folder, ArchiveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentException.ThrowIfNullOrWhiteSpace(archive);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new();
        if (options.Levels is { } levels && (levels < 1 || levels > codec.Depth))
            throw new ArgumentOutOfRangeException(nameof(options), levels, $"The codec has {codec.Depth} levels; expected 1..{codec.Depth}.");

        using var file = new FileStream(archive, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        try
        {
            // Everything once without decoding: nothing is written from an archive that is not whole.
            var headers = new List<ImageHeader>();
            Walk(file, codec, (header, _) => headers.Add(header), (_, _, _) => { }, options.Cancellation);
            string? taken = options.Replace ? null : headers.Select(header => Path.Combine(folder, header.Name)).FirstOrDefault(File.Exists);
            if (taken is not null) throw new IOException($"{taken} exists already.");

            Directory.CreateDirectory(folder);
            var written = new List<string>();
            var work = new OrderedWork<bool>(options.Workers, options.Cancellation);
            var (current, pixels, read) = (headers[0], Array.Empty<byte>(), 0L);
            bool exact = options.Levels is null || options.Levels == codec.Depth;
            Walk(file, codec, (header, _) => (current, pixels) = (header, new byte[(long)header.Width * header.Height * header.Channels]), (grid, chunk, code) =>
            {
                var (header, target, position) = (current, pixels, file.Position);
                work.Add(() =>
                {
                    grid.Paste(codec.DecodePlanes(code, grid.Count(chunk), options.Levels), target, chunk, clamps: !exact);
                    return true;
                }, _ =>
                {
                    if (chunk < grid.Chunks - 1) return;
                    if (exact && !ImageHeader.Hash(target).AsSpan().SequenceEqual(header.Check)) throw new InvalidDataException($"{header.Name} does not decode to the pixels that were coded");
                    string path = Path.Combine(folder, header.Name);
                    AtomicFile.Write(path, to => PixelFile.Write(to, new(header.Format, header.Width, header.Height, header.Channels, target)));
                    written.Add(path);
                    options.Progress?.Report(new(header.Name, written.Count, headers.Count, read += target.Length, position));
                });
            }, options.Cancellation);
            work.Finish();
            return written;
        }
        catch (InvalidDataException problem)
        {
            throw new InvalidDataException($"{archive} cannot be decoded: {problem.Message}.", problem);
        }
    }

    // All blocks in their order. Chunks are counted from the sizes, which have been found possible.
    private static void Walk(FileStream file, Codec codec, Action<ImageHeader, PatchGrid> image, Action<PatchGrid, int, byte[]> chunk, CancellationToken cancellation)
    {
        file.Position = 0;
        byte[] start = new byte[Magic.Length + 2];
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.AsSpan().StartsWith(Magic)) throw new InvalidDataException("it is no archive of images");
        int version = BitConverter.ToUInt16(start, Magic.Length);
        if (version != Version) throw new InvalidDataException($"it is of version {version}, and this program reads version {Version}");

        var blocks = new BlockReader(file);
        byte[] head = blocks.Read(BlockKind.Start, IdentityBytes + 4);
        if (head.Length != IdentityBytes + 4) throw new InvalidDataException("it is damaged: its first block is too short");
        string identity = Convert.ToHexStringLower(head.AsSpan(..IdentityBytes));
        if (identity != codec.Identity) throw new InvalidDataException($"it was made with the codec {identity[..12]}..., and this codec is {codec.Identity[..12]}...");
        int count = BitConverter.ToInt32(head, IdentityBytes);
        if (count is < 1 or > MostImages) throw new InvalidDataException($"it claims {count} images");
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < count; i++)
        {
            var header = ImageHeader.Parse(blocks.Read(BlockKind.Image, ImageHeader.MostBytes));
            if (!names.Add(header.Name)) throw new InvalidDataException($"it has two images {header.Name}");
            var grid = new PatchGrid(codec, header.Width, header.Height, header.Channels);
            if ((long)grid.Chunks * (BlockWriter.Overhead + 8) > blocks.Left) throw new InvalidDataException($"it claims an image of {header.Width} x {header.Height} pixels, for which it is too short");
            image(header, grid);
            for (int c = 0; c < grid.Chunks; c++)
            {
                cancellation.ThrowIfCancellationRequested();
                chunk(grid, c, blocks.Read(BlockKind.Chunk, Array.MaxLength));
            }
        }
        if (blocks.Read(BlockKind.End, 0).Length + blocks.Left > 0) throw new InvalidDataException("something follows its end");
    }

    private static T About<T>(string path, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (InvalidDataException problem)
        {
            throw new InvalidDataException($"{path}: {problem.Message}.", problem);
        }
    }
}
