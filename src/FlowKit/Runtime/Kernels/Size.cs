namespace FlowKit;

/// <summary>The sizes that loops are compiled for.</summary>
internal static class Size
{
    /// <summary>0.</summary>
    public readonly struct Zero : ISize
    {
        /// <inheritdoc/>
        public static int Value => 0;
    }

    /// <summary>1.</summary>
    public readonly struct One : ISize
    {
        /// <inheritdoc/>
        public static int Value => 1;
    }

    /// <summary>2.</summary>
    public readonly struct Two : ISize
    {
        /// <inheritdoc/>
        public static int Value => 2;
    }

    /// <summary>3.</summary>
    public readonly struct Three : ISize
    {
        /// <inheritdoc/>
        public static int Value => 3;
    }

    /// <summary>4.</summary>
    public readonly struct Four : ISize
    {
        /// <inheritdoc/>
        public static int Value => 4;
    }

    /// <summary>6.</summary>
    public readonly struct Six : ISize
    {
        /// <inheritdoc/>
        public static int Value => 6;
    }
}
