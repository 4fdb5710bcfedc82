namespace FlowKit.Interactive;

/// <summary>What a box of a diagram stands for; each kind has a light color of its own.</summary>
/// <example><code>
/// new Diagram("kinds").Box("x", 0, 0, kind: BoxKind.Data).Box("f", 1, 0, kind: BoxKind.Transform).Box("z", 2, 0, kind: BoxKind.Latent).Arrow("x", "f").Arrow("f", "z").ToFigure()
/// </code></example>
public enum BoxKind
{
    /// <summary>Anything else: gray.</summary>
    Plain,

    /// <summary>Data or a part of them: blue.</summary>
    Data,

    /// <summary>A transform with an inverse: orange.</summary>
    Transform,

    /// <summary>A network, which needs no inverse: green.</summary>
    Network,

    /// <summary>A latent variable: purple.</summary>
    Latent,

    /// <summary>Elements that move to other places, as in a split, a squeeze or a permutation: yellow.</summary>
    Rearrangement,
}
