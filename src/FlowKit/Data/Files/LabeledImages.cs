namespace FlowKit.Data;

/// <summary>Images and the classes they belong to.</summary>
/// <param name="Images">(N, C, H, W), uint8.</param>
/// <param name="Labels">(N), int64.</param>
/// <example><code>
/// var digits = Digits.Load();
/// var data = new LabeledImages(digits.Images.reshape(-1, 1, 8, 8).to(uint8), digits.Labels);
/// var (images, labels) = data;
/// var sevens = images[labels == 7];
/// Console.WriteLine(sevens);  // => [179x1x8x8], type = Byte, device = cpu
/// </code></example>
public sealed record LabeledImages(Tensor Images, Tensor Labels);
