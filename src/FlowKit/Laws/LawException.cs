namespace FlowKit.Laws;

/// <summary>A law that does not hold.</summary>
/// <param name="message">What was expected and what came.</param>
/// <example><code>
/// using FlowKit.Laws;
/// var wrong = new DensityCase("too wide", () => new StandardNormal(1), Space.Real(-1, 1));           // a box that holds two thirds of the mass
/// try { DensityLaws.Check(wrong); } catch (LawException broken) { Console.WriteLine(broken.Message.Contains("integrates to one")); }   // => True
/// </code></example>
public sealed class LawException(string message) : Exception(message);
