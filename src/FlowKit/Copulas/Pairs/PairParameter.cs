namespace FlowKit.Copulas;

/// <summary>A parameter of a family of pair copulas, with the range that is computed in.</summary>
/// <param name="Name">As in the literature: theta, delta, rho, nu.</param>
/// <param name="Low">The least value; the limit there is a member.</param>
/// <param name="High">The largest value.</param>
/// <example><code>
/// using FlowKit.Copulas;
/// foreach (var parameter in new StudentCopula().Parameters) Console.WriteLine(parameter.Name);
/// // => rho
/// // => nu
/// </code></example>
public sealed record PairParameter(string Name, double Low, double High);
