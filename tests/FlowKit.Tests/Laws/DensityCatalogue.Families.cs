namespace FlowKit.Tests.Laws;

public static partial class DensityCatalogue
{
    // The named families of distributions.
    private static DensityCase[] Families =>
    [
    ];
}
