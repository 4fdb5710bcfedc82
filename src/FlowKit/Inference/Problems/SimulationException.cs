namespace FlowKit.Inference;

/// <summary>Too many simulations failed, or their cache cannot be read or written, or belongs to another problem. Rows that were finished are in the cache, if there is one.</summary>
/// <example><code>
/// var problem = InverseProblem.FromSimulator(new StandardNormal(1), (x, random) => x[0] > 0 ? [x[0]] : throw new ArithmeticException("negative energy"));
/// try { problem.Simulate(100); }
/// catch (SimulationException e) { Console.WriteLine(e.Message.Contains("negative energy")); }  // => True
/// </code></example>
public sealed class SimulationException(string message, Exception? inner = null) : Exception(message, inner);
