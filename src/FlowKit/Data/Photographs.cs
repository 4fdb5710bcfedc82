namespace FlowKit.Data;

/// <summary>Four lossless photographs inside the library: a person, a cup, a cat in colour, a photographer in grey (public domain and CC0 1.0).</summary>
public static class Photographs
{
    /// <summary>The names <see cref="Load"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = ["astronaut", "camera", "chelsea", "coffee"];

    /// <summary>A photograph, (3, H, W), uint8.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Tensor Load(string name)
    {
        if (!Names.Contains(name)) throw new ArgumentException($"There is no photograph '{name}'. There are: {string.Join(", ", Names)}.", nameof(name));
        using var file = new FileBytes(EmbeddedRoute.Open($"{name}.png"), $"{name}.png");
        return ImageFile.Load(file);
    }

    /// <summary>Coloured pieces of 32x32 pixels, values 0..255: 7,105 overlapping ones of the person and the cup to train on, 126 of the cat, side by side, to test on. Float32, (N, 3, 32, 32).</summary>
    /// <remarks>The split is by photograph: pieces of one picture resemble each other.</remarks>
    public static (Tensor Train, Tensor Test) Patches()
    {
        using var scope = NewDisposeScope();
        var train = cat([.. new[] { "astronaut", "coffee" }.Select(name => ImageFile.Patches(Load(name), 32, stride: 8))]).to(float32);
        var test = ImageFile.Patches(Load("chelsea"), 32).to(float32);
        return (train.MoveToOuterDisposeScope(), test.MoveToOuterDisposeScope());
    }
}
