namespace FlowKit.Tests.Laws;

public static partial class TransformCatalogue
{
    // Masked autoregressive transforms and their inverses.
    private static TransformCase[] Autoregressive =>
    [
    ];
}
