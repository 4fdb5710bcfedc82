using System.Globalization;

namespace FlowKit.Copulas;

/// <summary>Data as ranks, u = rank / (N + 1), column by column: what a copula is fitted to, whatever the margins are (Genest, Ghoudi, Rivest 1995).</summary>
/// <remarks>Equal numbers share their average rank. Ties pull a copula's estimate, as no continuous law has them: <see cref="TieShares"/> and <see cref="Warning"/> say how many there are.</remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// var ranks = PseudoObservations.Of(tensor(new[,] { { 0.1, 7 }, { 0.3, 7 }, { 0.2, 9 } }), ["height", "age"]);
/// Console.WriteLine(ranks.Values.npstr());
/// // => [[0.25, 0.375]
/// // =>  [0.75, 0.375]
/// // =>  [0.5, 0.75]]
/// Console.WriteLine(ranks.Warning);    // => Ties: 66.7 % of 'age'. A copula is fitted to continuous laws; ties share their average rank here.
/// </code></example>
public sealed class PseudoObservations
{
    private const double ManyTies = 0.05;

    private PseudoObservations(Tensor values, IReadOnlyList<string> names, IReadOnlyList<double> tieShares) => (Values, Names, TieShares) = (values, names, tieShares);

    /// <summary>u, (N, D), float64, in (0, 1).</summary>
    public Tensor Values { get; }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Of each column the share of its numbers that occur more than once.</summary>
    public IReadOnlyList<double> TieShares { get; }

    /// <summary>Names the columns of which more than 5 % are ties; null if there is none.</summary>
    public string? Warning
    {
        get
        {
            string[] tied = [.. Names.Zip(TieShares).Where(column => column.Second > ManyTies).Select(column => string.Create(CultureInfo.InvariantCulture, $"{column.Second * 100:F1} % of '{column.First}'"))];
            return tied.Length == 0 ? null : $"Ties: {string.Join(", ", tied)}. A copula is fitted to continuous laws; ties share their average rank here.";
        }
    }

    /// <summary>The ranks of these data.</summary>
    /// <param name="x">(N, D), N >= 2, finite.</param>
    /// <param name="names">D names of the columns, for messages; null for x1, x2, ...</param>
    /// <param name="jitter">A seed: equal numbers get different ranks in a random order, which depends on nothing else. Null: they share their average rank.</param>
    /// <exception cref="ArgumentException">x has another shape, a column holds NaN or infinities or is constant, or the names do not fit; the message names the column.</exception>
    public static PseudoObservations Of(Tensor x, IReadOnlyList<string>? names = null, int? jitter = null)
    {
        Guard.Number(x);
        if (x.Dimensions != 2 || x.size(0) < 2 || x.size(1) < 1) throw new ArgumentException($"x has shape {Guard.Describe(x)}; expected (N, D), N >= 2, D >= 1.", nameof(x));
        names = ColumnNames(names, x.size(1));

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var columns = x.detach().to(float64).cpu();
        var (ranks, ties) = (new List<Tensor>(), new List<double>());
        for (int i = 0; i < names.Count; i++)
        {
            double[] values = columns.select(1, i).contiguous().data<double>().ToArray();
            Check(values, names[i]);
            var (rank, tied) = Ranks(values, jitter is { } seed ? new Random(seed + i) : null);
            ranks.Add(tensor(rank, dtype: float64, device: x.device));
            ties.Add((double)tied / values.Length);
        }
        return new(scope.MoveToOuter(stack(ranks, dim: 1) / (x.size(0) + 1.0)), names, ties);
    }

    /// <summary>The given names, or x1, x2, ...</summary>
    /// <exception cref="ArgumentException">They are not so many, blank or not different.</exception>
    internal static IReadOnlyList<string> ColumnNames(IReadOnlyList<string>? names, long count)
    {
        if (names is null) return [.. Enumerable.Range(1, Guard.Size(count)).Select(i => $"x{i}")];
        if (names.Count != count) throw new ArgumentException($"names has {names.Count} names; expected {count}, one for each column.", nameof(names));
        if (names.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("names holds a blank name.", nameof(names));
        return names.Distinct().Count() == names.Count ? [.. names] : throw new ArgumentException($"names holds a name twice: {string.Join(", ", names)}.", nameof(names));
    }

    private static void Check(double[] values, string name)
    {
        int missing = values.Count(double.IsNaN), infinite = values.Count(double.IsInfinity);
        if (missing > 0) throw new ArgumentException($"Column '{name}' of x holds NaN in {missing} of {values.Length} rows. Leave these rows out, or fill them in.", "x");
        if (infinite > 0) throw new ArgumentException($"Column '{name}' of x holds infinities in {infinite} of {values.Length} rows; expected finite numbers.", "x");
        if (Array.TrueForAll(values, value => value == values[0])) throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Column '{name}' of x is {values[0]:G6} in every row; its ranks say nothing. Leave it out."), "x");
    }

    // Ranks from 1, and how many numbers occur more than once.
    private static (double[] Ranks, int Tied) Ranks(double[] values, Random? random)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        random?.Shuffle(order);
        order = [.. order.OrderBy(i => values[i])];              // stable: ties stay in their random order
        double[] ranks = new double[values.Length];
        int tied = 0;
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && values[order[end]] == values[order[start]];) end++;
            if (end - start > 1) tied += end - start;
            for (int k = start; k < end; k++) ranks[order[k]] = random is null ? (start + end + 1) / 2.0 : k + 1;
        }
        return (ranks, tied);
    }
}
