namespace FlowKit.Transforms;

/// <summary>Which numbers a transform takes. libtorch refuses a mixture in ways that do not name it, and in a matrix product by ending the process.</summary>
internal enum Takes
{
    /// <summary>Whole and real numbers of any precision: it only moves them, or turns them into reals, or hands them on.</summary>
    Anything,

    /// <summary>Real numbers of any precision.</summary>
    Reals,

    /// <summary>Real numbers of the module's own precision.</summary>
    ItsPrecision,
}
