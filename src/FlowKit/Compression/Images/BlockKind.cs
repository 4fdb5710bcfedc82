namespace FlowKit.Compression;

/// <summary>The blocks of an archive.</summary>
internal enum BlockKind : byte
{
    /// <summary>The codec's identity and the number of images.</summary>
    Start,

    /// <summary>An image's name, format, size and checksum; its chunks follow.</summary>
    Image,

    /// <summary>Some of an image's patches, coded.</summary>
    Chunk,

    /// <summary>Nothing follows.</summary>
    End,
}
