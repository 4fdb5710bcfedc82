namespace FlowKit.Data;

/// <summary>Four lossless photographs inside the library: a person, a cup, a cat in color, a photographer in gray (public domain and CC0 1.0).</summary>
/// <example><code>
/// Console.WriteLine(string.Join(", ", Photographs.Names));  // => astronaut, camera, chelsea, coffee
/// Console.WriteLine(Photographs.Load("chelsea"));           // => [3x300x451], type = Byte, device = cpu
/// var (train, validation, test) = Photographs.Patches();
/// Console.WriteLine(train);                                 // => [3721x3x32x32], type = Float32, device = cpu
/// </code></example>
public static class Photographs
{
    /// <summary>The names <see cref="Load"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = ["astronaut", "camera", "chelsea", "coffee"];

    /// <summary>A photograph, (3, H, W), uint8.</summary>
    /// <exception cref="ArgumentException">There is no photograph of that name.</exception>
    public static Tensor Load(string name)
    {
        if (!Names.Contains(name)) throw new ArgumentException($"There is no photograph '{name}'. There are: {string.Join(", ", Names)}.", nameof(name));
        using var file = new FileBytes(EmbeddedRoute.Open($"{name}.png"), $"{name}.png");
        return ImageFile.Load(file);
    }

    /// <summary>Colored pieces of 32x32 pixels, values 0..255: 3,721 overlapping ones of the person to train on, 216 of the cup to stop by and 126 of the cat to test on, both side by side. Float32, (N, 3, 32, 32).</summary>
    /// <remarks>The split is by photograph: pieces of one picture resemble each other.</remarks>
    public static (Tensor Train, Tensor Validation, Tensor Test) Patches()
    {
        using var scope = NewDisposeScope();
        return (Pieces("astronaut", stride: 8), Pieces("coffee", stride: 32), Pieces("chelsea", stride: 32));

        static Tensor Pieces(string name, int stride) => ImageFile.Patches(Load(name), 32, stride).to(float32).MoveToOuterDisposeScope();
    }
}
