namespace FlowKit.Experiments;

/// <summary>A claim of a paper, which a chapter tests.</summary>
/// <param name="Number">"C1", "C2", ...: what <see cref="Result.Tests"/> refers to.</param>
/// <param name="Statement">One sentence.</param>
/// <param name="Source">Where the paper makes the claim or shows it: "Table 1", "section 3.7".</param>
/// <param name="NotTested">What of it is not tested here, and why; empty: all of it is tested.</param>
/// <example><code>
/// var claim = new PaperClaim("C4", "Photographs take fewer bits than with earlier models.", Source: "Table 1", NotTested: "ImageNet is too large for two cores");
/// Console.WriteLine($"{claim.Number} ({claim.Source})");  // => C4 (Table 1)
/// </code></example>
public sealed record PaperClaim(string Number, string Statement, string Source, string NotTested = "");
