namespace FlowKit.Inference;

/// <summary>A row that the simulator did not finish: it threw, or gave something that is no observation.</summary>
/// <param name="Row">Its number among all rows asked for, from 0.</param>
/// <param name="Parameters">x, D numbers.</param>
/// <param name="Message">What went wrong.</param>
/// <example><code>
/// var problem = InverseProblem.FromSimulator(new StandardNormal(1), (x, random) => [Math.Log(x[0] + 3) + random.NextNormal()]);
/// SimulationFailure first = problem.Simulate(5000).Failures[0];
/// Console.WriteLine($"{first.Parameters[0] &lt; -3} {first.Message}");  // => True y[0] is NaN
/// </code></example>
public sealed record SimulationFailure(int Row, IReadOnlyList<double> Parameters, string Message);
