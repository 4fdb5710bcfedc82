namespace FlowKit.Compression;

/// <summary>Where a layer's outputs go.</summary>
internal enum LayerTarget : byte
{
    /// <summary>Behind the inputs and what was appended before.</summary>
    Features,

    /// <summary>To the next layer alone.</summary>
    Next,

    /// <summary>Out of the network, in whole numbers.</summary>
    Output,
}
