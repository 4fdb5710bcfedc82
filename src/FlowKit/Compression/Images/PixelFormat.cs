namespace FlowKit.Compression;

/// <summary>The kinds of picture files that are read and written.</summary>
internal enum PixelFormat : byte
{
    /// <summary>PNG: gray, palette or color, up to 8 bits a channel.</summary>
    Png,

    /// <summary>Binary PGM (P5) or PPM (P6) of 8 bits.</summary>
    Pnm,
}
