namespace FlowKit.Models;

/// <summary>How a step of <see cref="Glow"/> mixes its channels, so that the next coupling reads and maps other ones.</summary>
/// <remarks>Kingma, Dhariwal 2018, arXiv:1807.03039, section 5, compares the 1x1 convolution with a fixed shuffle and with a reversal.</remarks>
/// <example><code>
/// manual_seed(0);
/// foreach (var mixing in Enum.GetValues&lt;GlowMixing>())
///     Console.WriteLine($"{mixing}: {Glow.Create(features: 4, steps: 2, mixing, hidden: [8]).ParameterCount}");
/// // => Conv: 168
/// // => LuConv: 168
/// // => Shuffle: 136
/// // => Reverse: 136
/// </code></example>
public enum GlowMixing
{
    /// <summary>A 1x1 convolution whose matrix W is learned as it is; training may make it singular, which is an error that says so: <see cref="Transforms.InvertibleConv1x1"/>.</summary>
    Conv,

    /// <summary>A 1x1 convolution by W = P L (U + diag(s)), which cannot become singular; as many parameters.</summary>
    LuConv,

    /// <summary>A fixed random permutation, another for each step.</summary>
    Shuffle,

    /// <summary>The channels in reverse order.</summary>
    Reverse,
}
