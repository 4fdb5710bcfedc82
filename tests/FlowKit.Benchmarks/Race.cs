namespace FlowKit.Benchmarks;

/// <summary>Contenders that take turns, round after round: a slower minute of the machine meets all of them.</summary>
internal sealed class Race
{
    // Threads that wait for work spin for some milliseconds; nobody may do so while another is timed.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    private readonly double[][] seconds;

    /// <param name="rounds">How many.</param>
    /// <param name="contenders">Each returns the seconds of one call.</param>
    public Race(int rounds, IReadOnlyList<Func<double>> contenders) =>
        seconds = [.. Enumerable.Range(0, rounds).Select(_ => contenders.Select(Turn).ToArray())];

    /// <summary>The median seconds of a contender.</summary>
    public double Seconds(int contender) => Median(round => round[contender]);

    /// <summary>Its fewest; 0 without rounds.</summary>
    public double Best(int contender) => seconds.Select(round => round[contender]).DefaultIfEmpty().Min();

    /// <summary>Whether a contender finished each round.</summary>
    public bool Finished(int contender) => seconds.All(round => double.IsFinite(round[contender]));

    /// <summary>The median over the rounds of how many times as fast as another a contender was.</summary>
    public double Ratio(int contender, int other) => Median(round => round[other] / round[contender]);

    private double Median(Func<double[], double> of) => seconds.Select(of).Order().ElementAt(seconds.Length / 2);

    private static double Turn(Func<double> contender)
    {
        Thread.Sleep(Rest);
        return contender();
    }
}
