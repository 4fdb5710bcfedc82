namespace FlowKit.Data;

/// <summary>Images and the classes they belong to.</summary>
/// <param name="Images">(N, C, H, W), uint8.</param>
/// <param name="Labels">(N), int64.</param>
public sealed record LabeledImages(Tensor Images, Tensor Labels);
