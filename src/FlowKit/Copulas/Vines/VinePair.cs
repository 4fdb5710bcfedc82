namespace FlowKit.Copulas;

/// <summary>Two variables that an edge of a vine joins, given others: columns of the data, counted from 0.</summary>
/// <param name="First">The first of the two, the u of the edge's pair copula.</param>
/// <param name="Second">The second, its v.</param>
/// <param name="Given">The conditioning set: none in the first tree, one variable in the second, and so on.</param>
/// <example><code>
/// using FlowKit.Copulas;
/// Console.WriteLine(new VinePair(0, 3, 1, 2));    // => 0,3|1,2
/// </code></example>
public sealed record VinePair(int First, int Second, params IReadOnlyList<int> Given)
{
    /// <summary>As in the literature: 0,3|1,2 for the variables 0 and 3 given 1 and 2.</summary>
    public override string ToString() => $"{First},{Second}{(Given.Count > 0 ? "|" : "")}{string.Join(",", Given)}";
}
