using System.Globalization;

namespace FlowKit.Inference;

/// <summary>One simulation: parameters and what they gave, or why there is nothing.</summary>
/// <param name="Parameters">x, D numbers.</param>
/// <param name="Observation">y, M numbers; null where the simulator failed.</param>
/// <param name="Message">What went wrong; empty where nothing did.</param>
internal sealed record SimulatedRow(double[] Parameters, double[]? Observation, string Message)
{
    private const int LongestMessage = 2000;

    /// <summary>Runs the simulator; whatever it throws or gives becomes a row.</summary>
    /// <param name="simulate">The user's.</param>
    /// <param name="parameters">x; the simulator gets a copy, which it may change.</param>
    /// <param name="random">Its noise.</param>
    /// <param name="outputs">M; null: as many as there are.</param>
    public static SimulatedRow Of(Func<double[], Random, double[]> simulate, double[] parameters, Random random, int? outputs)
    {
        try
        {
            double[]? y = simulate([.. parameters], random);
            return Complaint(y, outputs) is { } complaint ? new(parameters, null, complaint) : new(parameters, [.. y!], "");
        }
        catch (Exception error)
        {
            string message = $"{error.GetType().Name}: {error.Message}";
            return new(parameters, null, message.Length <= LongestMessage ? message : message[..LongestMessage]);
        }
    }

    private static string? Complaint(double[]? y, int? outputs)
    {
        if (y is null) return "y is null";
        if (y.Length == 0) return "y has no numbers";
        if (outputs is { } m && y.Length != m) return $"y has {y.Length} numbers; expected {m}, as in the first row";
        int bad = Array.FindIndex(y, number => !double.IsFinite(number));
        return bad < 0 ? null : string.Create(CultureInfo.InvariantCulture, $"y[{bad}] is {y[bad]}");
    }
}
