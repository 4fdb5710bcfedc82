namespace FlowKit.Benchmarks;

/// <summary>What a benchmark is asked for beside its name.</summary>
/// <param name="Device">Where our models run: "cpu", or "cuda" with an optional index. The peers stay on the CPU, so that on another device they are left out.</param>
/// <param name="Rows">The models to measure, such as a and c; empty: all.</param>
/// <param name="Rounds">How often the contenders take turns.</param>
internal sealed record Settings(string Device = "cpu", IReadOnlyList<string>? Rows = null, int Rounds = 9)
{
    /// <summary>Reads "--device cuda --rows a,b --rounds 5", and leaves the names of benchmarks over.</summary>
    /// <exception cref="ArgumentException">An option is unknown, or has no value or a wrong one.</exception>
    public static (Settings Settings, IReadOnlyList<string> Names) Read(IReadOnlyList<string> args)
    {
        var (settings, names) = (new Settings(), new List<string>());
        for (int at = 0; at < args.Count; at++)
        {
            if (!args[at].StartsWith("--", StringComparison.Ordinal))
            {
                names.Add(args[at]);
                continue;
            }
            var (option, value) = (args[at], ++at < args.Count ? args[at] : throw new ArgumentException($"{args[at - 1]} needs a value."));
            settings = option switch
            {
                "--device" => settings with { Device = value },
                "--rows" => settings with { Rows = value.Split(',') },
                "--rounds" => settings with { Rounds = int.TryParse(value, out int rounds) && rounds > 0 ? rounds : throw new ArgumentException($"--rounds is a number of at least 1; it was '{value}'.") },
                _ => throw new ArgumentException($"There is no option '{option}'; there are --device, --rows and --rounds."),
            };
        }
        return (settings, names);
    }

    /// <summary>Whether a model is asked for.</summary>
    public bool Wants(string row) => Rows is not { Count: > 0 } rows || rows.Contains(row);

    /// <summary>The numbers of threads that are compared: one and two, where there are two processors and the work is done by them.</summary>
    public IReadOnlyList<int> Threads => Device == "cpu" && Environment.ProcessorCount > 1 ? [1, 2] : [1];

    /// <summary>How the table is called that belongs to a number of threads.</summary>
    public string Title(int threads) => Device == "cpu" ? $"{threads} thread{(threads > 1 ? "s" : "")}" : Device;
}
