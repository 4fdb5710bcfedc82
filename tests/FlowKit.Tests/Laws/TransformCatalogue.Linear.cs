namespace FlowKit.Tests.Laws;

public static partial class TransformCatalogue
{
    // Linear maps of the features.
    private static TransformCase[] Linear =>
    [
    ];
}
