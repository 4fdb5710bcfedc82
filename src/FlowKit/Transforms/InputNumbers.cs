namespace FlowKit.Transforms;

/// <summary>Which numbers a transform takes. libtorch refuses a mixture of precisions in ways that do not name it, and in a matrix product by ending the process.</summary>
/// <example><code>
/// // The first layer takes whole numbers, the next real ones: a chain leaves that to them.
/// var f = new Chain(new UniformDequantization(256), new Logit());
/// Console.WriteLine(f.Forward(ones([5, 2], int64)).Z.dtype);      // => Float32
/// Console.WriteLine(InputNumbers.Any);                            // => Any
/// </code></example>
public enum InputNumbers
{
    /// <summary>Whole and real numbers of any precision: the transform only moves them, turns them into real ones, or hands them on.</summary>
    Any,

    /// <summary>Real numbers of any precision.</summary>
    Real,

    /// <summary>Real numbers of the precision of the module's parameters.</summary>
    OwnPrecision,
}
