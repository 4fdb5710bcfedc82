namespace FlowKit.Laws;

/// <summary>Something that every case of a kind obeys, as that the inverse of a transform undoes it.</summary>
/// <param name="Name">A sentence, as a test report shows it.</param>
/// <param name="Check">Throws <see cref="LawException"/>, or what the case itself throws, where the law does not hold.</param>
/// <param name="AppliesTo">Whether it speaks of that case at all.</param>
/// <example><code>
/// using FlowKit.Laws;
/// var coupling = new TransformCase("mine", () => Coupling.WithMlp([true, false], new AffineMap(), [8]), rows => randn([rows, 2], dtype: float64));
/// foreach (var law in TransformLaws.All.Where(law => law.AppliesTo(coupling))) law.Check(coupling);
/// </code></example>
public sealed record Law<TCase>(string Name, Action<TCase> Check, Func<TCase, bool> AppliesTo)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
