namespace FlowKit.Tests.Laws;

public static partial class TransformCatalogue
{
    // Planar, radial and Sylvester layers.
    private static TransformCase[] Residual =>
    [
    ];
}
