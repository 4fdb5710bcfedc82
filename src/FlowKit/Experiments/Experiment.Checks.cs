using System.Globalization;

namespace FlowKit.Experiments;

public sealed partial class Experiment
{
    /// <summary>How many checks were made and passed.</summary>
    public int ChecksPassed { get; private set; }

    /// <summary>Prints a statement with a tick if it holds; if it does not, the cell ends here. Checks are made at every scale, smoke included.</summary>
    /// <param name="statement">What holds, as a sentence or a formula.</param>
    /// <param name="holds">Whether it does.</param>
    /// <exception cref="InvalidOperationException">It does not; the message repeats the statement.</exception>
    /// <example><code>
    /// var experiment = Experiment.Start("sums");
    /// experiment.Check("1 + 2 + ... + 100 = 5050", Enumerable.Range(1, 100).Sum() == 5050);  // => ✓ 1 + 2 + ... + 100 = 5050
    /// </code></example>
    public void Check(string statement, bool holds)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(statement);
        if (!holds) throw new InvalidOperationException($"This does not hold: {statement}");
        Pass(statement);
    }

    /// <summary>Checks |value - truth| &lt;= tolerance and prints the statement with the value.</summary>
    /// <param name="statement">What the value is.</param>
    /// <param name="value">What was computed. NaN does not pass.</param>
    /// <param name="truth">What it should be.</param>
    /// <param name="tolerance">The largest distance, >= 0.</param>
    /// <exception cref="InvalidOperationException">The value is farther away; the message holds both numbers and the tolerance.</exception>
    /// <example><code>
    /// var experiment = Experiment.Start("series");
    /// double sum = Enumerable.Range(0, 30).Sum(n => Math.Pow(2, -n));
    /// experiment.Check("1 + 1/2 + 1/4 + ...", sum, truth: 2, tolerance: 1e-8);  // => ✓ 1 + 1/2 + 1/4 + ...: 1.999999998
    /// </code></example>
    public void Check(string statement, double value, double truth, double tolerance = 1e-9)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(statement);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        if (!(Math.Abs(value - truth) <= tolerance))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"This does not hold: {statement}: {value:G10}, where {truth:G10} ± {tolerance:G3} is true."));
        Pass(string.Create(CultureInfo.InvariantCulture, $"{statement}: {value:G10}"));
    }

    /// <summary>Checks that a call is refused, and prints the reason that the error gives.</summary>
    /// <param name="what">What is refused, such as "infinity minus infinity".</param>
    /// <param name="action">The call.</param>
    /// <exception cref="InvalidOperationException">It was not refused. Any error but an ArgumentException, an ArithmeticException, an InvalidOperationException or
    /// a NotSupportedException is a fault of the call and ends the cell as it is.</exception>
    /// <example><code>
    /// var experiment = Experiment.Start("limits");
    /// experiment.CheckRefused("a scale that is 0", () => ArgumentOutOfRangeException.ThrowIfZero(0, "scale"));
    /// // => ✓ refused: a scale that is 0
    /// // =>     scale ('0') must be a non-zero value.
    /// </code></example>
    public void CheckRefused(string what, Action action)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(what);
        ArgumentNullException.ThrowIfNull(action);
        try
        {
            action();
        }
        catch (Exception refusal) when (refusal is ArgumentException or ArithmeticException or InvalidOperationException or NotSupportedException)
        {
            // What .NET appends to a message, the parameter's name and the value, is not part of the sentence.
            Pass($"refused: {what}\n    {refusal.Message.Split(" (Parameter")[0]}");
            return;
        }
        throw new InvalidOperationException($"This should have been refused: {what}");
    }

    private void Pass(string statement)
    {
        ChecksPassed++;
        Console.WriteLine($"✓ {statement}");
    }
}
