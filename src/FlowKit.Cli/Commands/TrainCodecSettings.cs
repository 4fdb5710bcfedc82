namespace FlowKit.Cli;

/// <summary>What <c>flowkit train-codec</c> trains, and on what.</summary>
/// <param name="Folder">Of the images.</param>
/// <param name="Target">The codec.</param>
internal sealed record TrainCodecSettings(string Folder, string Target)
{
    /// <summary>Whether the codec has one channel; otherwise it has three.</summary>
    public bool Gray { get; init; }

    /// <summary>Blocks of this many pixels along each side are averaged.</summary>
    public int Shrink { get; init; }

    /// <summary>Pixels along the side of a patch.</summary>
    public int Patch { get; init; }

    /// <summary>Steps of the training.</summary>
    public int Steps { get; init; }

    /// <summary>Patches a step.</summary>
    public int Batch { get; init; }

    /// <summary>The most patches trained on.</summary>
    public int Patches { get; init; }

    /// <summary>Of the flow.</summary>
    public int Scales { get; init; }

    /// <summary>Of each scale.</summary>
    public int Couplings { get; init; }

    /// <summary>Layers of each network.</summary>
    public int Depth { get; init; }

    /// <summary>Maps of each network.</summary>
    public int Maps { get; init; }

    /// <summary>Logistics in each law.</summary>
    public int Mixture { get; init; }

    /// <summary>Chooses patches, weights and permutations.</summary>
    public int Seed { get; init; }

    /// <summary>The learning rate.</summary>
    public double Rate { get; init; }

    /// <summary>Whether a codec that exists may be replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Threads; null: as the trainer finds best.</summary>
    public int? Threads { get; init; }
}
