namespace FlowKit.Tests.Laws;

public static partial class TransformCatalogue
{
    // Layers of images.
    private static TransformCase[] Image =>
    [
    ];
}
