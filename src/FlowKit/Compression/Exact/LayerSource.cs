namespace FlowKit.Compression;

/// <summary>What a layer reads.</summary>
internal enum LayerSource : byte
{
    /// <summary>The inputs and everything that layers appended to them.</summary>
    Features,

    /// <summary>What the layer before it gave.</summary>
    Previous,
}
