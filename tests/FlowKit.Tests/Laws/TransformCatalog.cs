using FlowKit.Laws;
using FlowKit.Transforms;

namespace FlowKit.Tests.Laws;

/// <summary>Every transform there is. A new one is one line here, and all laws hold for it.</summary>
public static partial class TransformCatalog
{
    private static readonly TransformCase[] Cases =
    [
        .. Core, .. Couplings, .. Elementwise, .. Autoregressive, .. Linear, .. Residual, .. Continuous, .. Normalization, .. Image,
        .. Discrete, .. IntegerFlows, .. RecursiveSpheres, .. ExponentialMaps,
    ];

    private static readonly Dictionary<string, TransformCase> ByName = Cases.ToDictionary(one => one.Name);

    /// <summary>The names, for a theory.</summary>
    public static TheoryData<string> Names => [.. Cases.Select(one => one.Name)];

    /// <summary>Every law with the names it speaks of, for a theory.</summary>
    public static TheoryData<string, string> Laws => Theories.Of(TransformLaws.All, Cases);

    /// <summary>The case of that name.</summary>
    public static TransformCase Get(string name) => ByName[name];

    private static Func<long, Tensor> Normal(params long[] shape) => rows => randn([rows, .. shape], dtype: float64);

    private static Func<long, Tensor> Uniform(params long[] shape) => rows => rand([rows, .. shape], dtype: float64) * 0.98 + 0.01;

    // A layer that adds noise to whole numbers from 0 to K - 1.
    private static TransformCase Dequantizing(string name, Func<Transform> make, int levels, params long[] shape) =>
        new(name, make, Integers(levels, shape)) { UndoesInverse = false, DataSpace = Space.WholeNumbers(0, levels - 1) };

    private static Func<long, Tensor> Integers(int levels, params long[] shape) => rows => randint(0, levels, [rows, .. shape], dtype: float64);
}
