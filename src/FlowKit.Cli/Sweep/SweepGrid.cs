using System.Globalization;

namespace FlowKit.Cli;

/// <summary>The runs of a sweep: every value of each setting with every value of the others, and with every seed.</summary>
/// <param name="Axes">Settings and their values.</param>
/// <param name="Seeds">In order.</param>
internal sealed record SweepGrid(IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Axes, IReadOnlyList<long> Seeds)
{
    /// <summary>The largest number of runs; more are taken for a mistake.</summary>
    public const int MostRuns = 10_000;

    /// <summary>The runs; the seeds of a setting stand together.</summary>
    public IReadOnlyList<SweepPoint> Points
    {
        get
        {
            IEnumerable<KeyValuePair<string, string>[]> settings = [[]];
            foreach (var (name, values) in Axes) settings = [.. settings.SelectMany(before => values.Select(value => (KeyValuePair<string, string>[])[.. before, new(name, value)]))];
            return [.. settings.SelectMany(setting => Seeds.Select(seed => new SweepPoint(setting, seed)))];
        }
    }

    /// <summary>Parses the command line's settings and seeds.</summary>
    /// <param name="settings">Each NAME=VALUE,VALUE...</param>
    /// <param name="seeds">Numbers and ranges, as 1..5,8.</param>
    /// <exception cref="UsageException">The grid is malformed or too large.</exception>
    public static SweepGrid Parse(IReadOnlyList<string> settings, string seeds)
    {
        var grid = new SweepGrid([.. settings.Select(Axis)], ParseSeeds(seeds));
        double runs = grid.Axes.Aggregate((double)grid.Seeds.Count, (product, axis) => product * axis.Value.Count);
        return runs <= MostRuns ? grid : throw new UsageException($"The grid has {runs:N0} runs; the most allowed are {MostRuns:N0}.");
    }

    private static KeyValuePair<string, IReadOnlyList<string>> Axis(string setting)
    {
        var (name, text) = CommonOptions.Cut(setting);
        string[] values = text.Split(',');
        if (values.Contains("")) throw new UsageException($"--set {name} is given values between commas, as in --set lr=1e-3,1e-4; it was '{setting}'.");
        string? twice = values.GroupBy(value => value).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null ? new(name, values) : throw new UsageException($"--set {name} gives the value '{twice}' twice.");
    }

    private static IReadOnlyList<long> ParseSeeds(string text)
    {
        List<long> seeds = [];
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split("..");
            if (ends.Length > 2 || !TryParse(ends[0], out long first) || !TryParse(ends[^1], out long last))
                throw new UsageException($"--seeds is whole numbers and ranges, as in --seeds 1..5 or --seeds 1,2,8; it was '{text}'.");
            if (first > last) throw new UsageException($"--seeds {part} is empty: a range goes upwards.");
            if ((double)last - first >= MostRuns) throw new UsageException($"--seeds {part} are more than {MostRuns:N0} seeds.");
            for (long i = 0; i <= last - first; i++) seeds.Add(first + i);
        }
        return seeds.Distinct().Count() == seeds.Count ? seeds : throw new UsageException($"--seeds gives a seed twice; it was '{text}'.");

        static bool TryParse(string number, out long value) => long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }
}
