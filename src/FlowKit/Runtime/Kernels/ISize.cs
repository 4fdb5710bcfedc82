namespace FlowKit;

/// <summary>A small number as a type: a constant to the JIT, which drops the branches that it does not take.</summary>
internal interface ISize
{
    /// <summary>The number.</summary>
    static abstract int Value { get; }
}
