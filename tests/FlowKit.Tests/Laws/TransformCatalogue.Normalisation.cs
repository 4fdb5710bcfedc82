namespace FlowKit.Tests.Laws;

public static partial class TransformCatalogue
{
    // Layers that standardise.
    private static TransformCase[] Normalisation =>
    [
    ];
}
