namespace FlowKit.Tests.Laws;

public static partial class TransformCatalogue
{
    // Couplings through every elementwise map, and maps with parameters of their own.
    private static TransformCase[] Elementwise =>
    [
    ];
}
