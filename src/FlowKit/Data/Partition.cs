namespace FlowKit.Data;

/// <summary>Rows of a data set, divided at random by a seed into parts such as train, validation and test.</summary>
/// <remarks>
/// The parts share no row and leave none out, and depend on the arguments alone: the same on every machine. Torch's random stream is neither used nor moved. A part is
/// an (n) int64 tensor of row numbers, for images and labels alike: <c>images[part]</c>, <c>labels[part]</c>.
/// </remarks>
/// <example><code>
/// var parts = Partition.BySeed(count: 10, seed: 0, 0.6, 0.2, 0.2);
/// foreach (var part in parts) Console.WriteLine(part.npstr());
/// // => [6, 3, 2, 9, 8, 1]
/// // => [4, 7]
/// // => [0, 5]
///
/// string[] writers = ["ann", "ann", "bo", "cy", "cy", "cy"];
/// var groups = Partition.ByGroup(writers, seed: 0, 0.5, 0.5);
/// Console.WriteLine(string.Join(", ", groups[0].data&lt;long>().Select(row => writers[row])));  // => cy, cy, cy, ann, ann
///
/// foreach (var (train, test) in Partition.Folds(count: 9, folds: 3, seed: 0)) Console.WriteLine($"{train.size(0)} {test.size(0)}");
/// // => 6 3
/// // => 6 3
/// // => 6 3
/// </code></example>
public static class Partition
{
    /// <summary>Parts of the given shares, each a random choice in random order.</summary>
    /// <param name="count">Rows N of the set.</param>
    /// <param name="seed">Determines which row goes to which part.</param>
    /// <param name="shares">Of each part, such as 0.8, 0.1, 0.1: above 0, with a sum of 1. Sizes are rounded, each by at most one row.</param>
    /// <exception cref="ArgumentException">A share is not above 0, the shares do not sum to 1, or there are too few rows for every part to have one.</exception>
    public static Tensor[] BySeed(long count, int seed, params double[] shares) => Cut(Permuted(count, seed), Sizes(count, shares, "rows"));

    /// <summary>Parts of the given sizes, each a random choice in random order.</summary>
    /// <param name="count">As of <see cref="BySeed"/>.</param>
    /// <param name="seed">As of <see cref="BySeed"/>.</param>
    /// <param name="sizes">Rows of each part, such as 1300, 100, 397: above 0, with a sum of N.</param>
    /// <exception cref="ArgumentException">A size is not above 0, or the sizes do not sum to N.</exception>
    public static Tensor[] OfSizes(long count, int seed, params long[] sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        if (sizes.Length == 0 || sizes.Any(size => size <= 0) || sizes.Sum() != count)
            throw new ArgumentException($"Expected sizes above 0 that sum to {count}; got {string.Join(", ", sizes)}.", nameof(sizes));
        return Cut(Permuted(count, seed), sizes);
    }

    /// <summary>Parts that keep what belongs together in one of them: patches of one photograph, digits of one writer.</summary>
    /// <param name="groups">The group of each row, (N).</param>
    /// <param name="seed">Determines which group goes to which part.</param>
    /// <param name="shares">Of each part in the groups, as of <see cref="BySeed"/>; in rows the parts are as large as their groups make them.</param>
    /// <exception cref="ArgumentException">A share is not above 0, the shares do not sum to 1, or there are too few groups for every part to have one.</exception>
    public static Tensor[] ByGroup<T>(IReadOnlyList<T> groups, int seed, params double[] shares) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(groups);
        var rows = new Dictionary<T, List<long>>();
        var order = new List<List<long>>();                     // by first appearance: a dictionary promises no order
        for (int i = 0; i < groups.Count; i++)
        {
            if (!rows.TryGetValue(groups[i], out var members)) order.Add(rows[groups[i]] = members = []);
            members.Add(i);
        }
        long[] parts = Sizes(order.Count, shares, "groups");
        long[] shuffled = Permuted(order.Count, seed);
        int first = 0;
        var chosen = parts.Select(part => shuffled.Skip((first += (int)part) - (int)part).Take((int)part).SelectMany(group => order[(int)group]).ToArray()).ToArray();
        return Cut([.. chosen.SelectMany(part => part)], [.. chosen.Select(part => (long)part.Length)]);
    }

    /// <summary>Cross-validation: parts of equal size, each once the rows to test on, with all the others to train on.</summary>
    /// <param name="count">As of <see cref="BySeed"/>.</param>
    /// <param name="folds">K, 2 to N. The tests share no row and leave none out; their sizes differ by at most one.</param>
    /// <param name="seed">Determines which row is tested in which fold.</param>
    public static (Tensor Train, Tensor Test)[] Folds(long count, int folds, int seed)
    {
        long[] rows = Permuted(count, seed);
        if (folds < 2 || folds > count) throw new ArgumentOutOfRangeException(nameof(folds), folds, $"Expected 2 to {count}, the number of rows.");
        return [.. Enumerable.Range(0, folds).Select(fold =>
        {
            var (start, end) = ((int)(count * fold / folds), (int)(count * (fold + 1) / folds));
            return (Of([.. rows[..start], .. rows[end..]]), Of(rows[start..end]));
        })];
    }

    private static long[] Sizes(long count, double[] shares, string what)
    {
        ArgumentNullException.ThrowIfNull(shares);
        if (shares.Length == 0 || !shares.All(share => share > 0) || Math.Abs(shares.Sum() - 1) > 1e-9)
            throw new ArgumentException($"Expected shares above 0 that sum to 1; got {string.Join(", ", shares.Select(share => share.ToString(System.Globalization.CultureInfo.InvariantCulture)))}.", nameof(shares));

        double sum = 0;
        long[] ends = [.. shares.Select(share => (long)Math.Round((sum += share) * count))];
        ends[^1] = count;
        long[] sizes = [.. ends.Select((end, i) => end - (i == 0 ? 0 : ends[i - 1]))];
        return sizes.All(size => size > 0) ? sizes : throw new ArgumentException($"Expected enough {what} for every part to have one; got {count} for parts of {string.Join(", ", sizes)}.", nameof(shares));
    }

    private static Tensor[] Cut(long[] rows, long[] sizes)
    {
        long start = 0;
        return [.. sizes.Select(size => Of(rows.AsSpan((int)((start += size) - size), (int)size).ToArray()))];
    }

    private static Tensor Of(long[] rows) => tensor(rows, [rows.Length], dtype: int64, device: CPU);

    // Fisher and Yates, with Steele, Lea and Flood's SplitMix64 (2014) as the source: integers only.
    private static long[] Permuted(long count, int seed)
    {
        if (count < 1 || count > Array.MaxLength) throw new ArgumentOutOfRangeException(nameof(count), count, $"Expected 1 to {Array.MaxLength} rows.");
        long[] rows = new long[count];
        for (int i = 0; i < count; i++) rows[i] = i;

        ulong state = (ulong)seed;
        for (int i = rows.Length - 1; i > 0; i--)
        {
            int j = (int)Below((ulong)i + 1, ref state);
            (rows[i], rows[j]) = (rows[j], rows[i]);
        }
        return rows;
    }

    // Uniform: the few largest values, which would favor small remainders, are drawn again.
    private static ulong Below(ulong bound, ref ulong state)
    {
        ulong value;
        do value = Next(ref state);
        while (value >= ulong.MaxValue - ulong.MaxValue % bound);
        return value % bound;
    }

    private static ulong Next(ref ulong state)
    {
        unchecked
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB;
            return z ^ z >> 31;
        }
    }
}
