namespace FlowKit.Transforms;

/// <summary>Which features a coupling transforms: true = transformed, false = passed through and read by the conditioner.</summary>
/// <example><code>
/// Console.WriteLine(string.Join(", ", Masks.Alternating(4, odd: true)));  // => False, True, False, True
/// Console.WriteLine(string.Join(", ", Masks.Half(5, second: true)));      // => False, False, False, True, True
/// Console.WriteLine(string.Join(", ", Masks.LastQuarter(4)));             // => False, False, False, True
/// </code></example>
public static class Masks
{
    /// <summary>Every second feature, (D). The two parities are complements: NICE's odd and even partition (Dinh et al. 2015, arXiv:1410.8516, section 3.2).</summary>
    /// <param name="features">D >= 2.</param>
    /// <param name="odd">Whether features 1, 3, 5, ... are transformed, instead of 0, 2, 4, ...</param>
    public static bool[] Alternating(long features, bool odd) => Make(features, i => i % 2 == 1 == odd);

    /// <summary>The first or the second half, (D); the first half holds ceil(D / 2) features.</summary>
    /// <param name="features">D >= 2.</param>
    /// <param name="second">Whether the second half is transformed, instead of the first.</param>
    public static bool[] Half(long features, bool second) => Make(features, i => i >= (features + 1) / 2 == second);

    /// <summary>The last quarter, (D), at least one feature: the split 75 : 25 of integer discrete flows (Hoogeboom et al. 2019, arXiv:1905.07376, section 3.2).</summary>
    /// <param name="features">D >= 2.</param>
    public static bool[] LastQuarter(long features) => Make(features, i => i >= features - Math.Max(1, features / 4));

    private static bool[] Make(long features, Func<int, bool> transformed) => [.. Enumerable.Range(0, Guard.Size(features, least: 2)).Select(transformed)];
}
