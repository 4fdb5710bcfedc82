namespace FlowKit;

/// <summary>What a layer does to its sums before it hands them on.</summary>
internal enum Gate
{
    /// <summary>Nothing: h = s.</summary>
    None,

    /// <summary>h = max(s, 0).</summary>
    Relu,

    /// <summary>h = tanh s.</summary>
    Tanh,

    /// <summary>h = s / (1 + e^-s). It has no gradient here: h does not tell its slope.</summary>
    Silu,

    /// <summary>h = 1 / (1 + e^-s). It has no gradient here.</summary>
    Sigmoid,
}
