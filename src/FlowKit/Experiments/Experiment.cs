using FlowKit.Training;

namespace FlowKit.Experiments;

/// <summary>One run of a notebook: its scale, device, seed and other settings, and the results it claims.</summary>
/// <remarks>
/// Scale, device and seed come from the environment variables FLOWKIT_SCALE, FLOWKIT_DEVICE and FLOWKIT_SEED, and what else the notebook asks for from FLOWKIT_SET;
/// <c>flowkit run</c> sets them from its options, so that one file runs the small version in minutes and the paper's version on a GPU.
/// </remarks>
/// <example><code>
/// var experiment = Experiment.Start("chapter 2");
/// int steps = experiment.Pick(smoke: 10, quick: 2000, paper: 100_000);
/// double rate = experiment.Setting("lr", 1e-3);              // flowkit run --set lr=1e-4 decides otherwise
/// experiment.Results.Add(new("test NLL", "nats", Ours: 1.01, Truth: 1.0076, Claim: Claim.AtMost(1.1)));
/// Console.WriteLine($"{experiment.Scale}, {steps} steps, seed {experiment.Seed}");  // => Quick, 2000 steps, seed 0
/// Console.WriteLine(experiment.AssertClaims());                                     // => All 1 claims hold.
/// </code></example>
public sealed class Experiment
{
    /// <summary>Name of the variable that holds the scale: smoke, quick (the default) or paper.</summary>
    public const string ScaleVariable = "FLOWKIT_SCALE";

    /// <summary>Name of the variable that holds the device: cpu (the default), cuda or cuda:N.</summary>
    public const string DeviceVariable = "FLOWKIT_DEVICE";

    /// <summary>Name of the variable that holds the seed, a 64-bit integer; the default is 0.</summary>
    public const string SeedVariable = "FLOWKIT_SEED";

    /// <summary>Name of the variable that holds settings, a JSON object such as {"lr": 1e-3, "layers": 8}.</summary>
    public const string SettingsVariable = "FLOWKIT_SET";

    /// <summary>Name of the variable that lists the settings given on a command line, separated by commas; all others came from the environment.</summary>
    public const string CommandLineVariable = "FLOWKIT_COMMAND_LINE";

    /// <summary>Name of the variable that holds the folder for results; if it is not set, no results are written.</summary>
    public const string ResultsVariable = "FLOWKIT_RESULTS";

    /// <summary>Name of the variable that holds the folder for checkpoints of trainings that do not name their own; if it is not set, those keep none.</summary>
    public const string CheckpointsVariable = HostCheckpoints.Variable;

    private readonly ProvidedSettings given;
    private readonly List<Setting> settings = [];

    private Experiment(string name, ProvidedSettings given) => (Name, this.given) = (name, given);

    /// <summary>The chapter's name for this run.</summary>
    public string Name { get; }

    /// <summary>How large the run is.</summary>
    public Scale Scale { get; private init; }

    /// <summary>The device of its tensors.</summary>
    public torch.Device Device { get; private init; } = CPU;

    /// <summary>The seed that torch's generators started from.</summary>
    public long Seed { get; private init; }

    /// <summary>Whether claims are judged: at every scale but smoke.</summary>
    public bool Judges => Scale != Scale.Smoke;

    /// <summary>Starts a run with the settings of the environment and seeds torch.</summary>
    /// <exception cref="ArgumentException">A variable does not hold a valid scale, device or seed.</exception>
    /// <exception cref="NotSupportedException">The device is CUDA and there is none.</exception>
    public static Experiment Start(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var given = ProvidedSettings.Read();
        var (scaleText, scaleOrigin) = given.OfVariable(ScaleVariable, "scale") ?? ("quick", SettingOrigin.Default);
        if (!Enum.TryParse(scaleText, ignoreCase: true, out Scale scale) || !Enum.IsDefined(scale) || char.IsDigit(scaleText[0]))
            throw new ArgumentException($"{ScaleVariable} is smoke, quick or paper; it was '{scaleText}'.", ScaleVariable);

        var (seedText, seedOrigin) = given.OfVariable(SeedVariable, "seed") ?? ("0", SettingOrigin.Default);
        if (!long.TryParse(seedText, out long seed))
            throw new ArgumentException($"{SeedVariable} is a 64-bit integer; it was '{seedText}'.", SeedVariable);

        var (device, deviceOrigin) = given.OfVariable(DeviceVariable, "device") ?? ("cpu", SettingOrigin.Default);
        var experiment = new Experiment(name, given) { Scale = scale, Device = Runtime.Device(device), Seed = seed };
        experiment.settings.AddRange(
        [
            new("scale", scale.ToString().ToLowerInvariant(), scaleOrigin),
            new("device", device, deviceOrigin),
            new("seed", SettingText.Of(seed), seedOrigin),
        ]);
        Runtime.Seed(seed);
        return experiment;
    }

    /// <summary>Scale, device and seed, followed by the settings requested through <see cref="Setting"/> in order, each with its origin.</summary>
    public IReadOnlyList<Setting> Settings => settings;

    /// <summary>Settings that were given but never requested, because they are mistyped or belong to another notebook.</summary>
    public IReadOnlyList<string> UnusedSettings => [.. given.Unused];

    /// <summary>A setting of this notebook's own: what the command line (<c>flowkit run --set lr=1e-4</c>) or the environment says, or else the notebook's value.</summary>
    /// <typeparam name="T">string, bool, int, long, double or an enum.</typeparam>
    /// <param name="name">What it is called.</param>
    /// <param name="value">The notebook's value.</param>
    /// <exception cref="ArgumentException">The given value is not a T, the name is reserved for an option, or T is not one of those types.</exception>
    public T Setting<T>(string name, T value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (ExperimentReport.Reserved.Contains(name)) throw new ArgumentException($"'{name}' is a column of every table of results; a notebook's own setting needs another name.", nameof(name));
        SettingText.CheckType<T>();

        var origin = SettingOrigin.Notebook;
        if (given.Ask(name) is var (text, source)) (value, origin) = (SettingText.Parse<T>(name, text, source), source);
        settings.RemoveAll(setting => setting.Name == name);
        settings.Add(new(name, SettingText.Of(value), origin));
        return value;
    }

    /// <summary>The setting for this run's scale.</summary>
    public T Pick<T>(T smoke, T quick, T paper) => Scale switch { Scale.Smoke => smoke, Scale.Quick => quick, _ => paper };

    /// <summary>The chapter's closing table: paper, truth, ours.</summary>
    public ResultTable Results { get; } = new();

    /// <summary>The results as a table with one line per result, each with all settings: experiment, settings, quantity, unit, paper, confidence, truth, ours, standard_error, claim, verdict.</summary>
    /// <remarks><c>DataFrame.LoadCsvFromString(experiment.ToCsv())</c> makes a data frame of it.</remarks>
    public string ToCsv() => ExperimentReport.Csv(this);

    /// <summary>The settings with their origins, and the results, as Markdown.</summary>
    public string ToMarkdown() => ExperimentReport.Markdown(this);

    /// <summary>Writes both tables, NAME.csv and NAME.md, to a folder, which is created if it does not exist.</summary>
    /// <exception cref="IOException">A file cannot be written; an existing file is left unchanged.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        string path = Path.Combine(folder, FileName.Of(Name, otherwise: "experiment"));
        Directory.CreateDirectory(folder);
        AtomicFile.Write($"{path}.csv", ToCsv());
        AtomicFile.Write($"{path}.md", ToMarkdown());
    }

    /// <summary>Asserts every claim at quick and paper scale; at smoke scale no claim is judged. If FLOWKIT_RESULTS names a folder, the results are saved there first.</summary>
    /// <returns>One sentence for the notebook.</returns>
    /// <exception cref="ClaimException">A claim does not hold; the message names each one that failed, its value and its bound.</exception>
    public string AssertClaims()
    {
        if (Environment.GetEnvironmentVariable(ResultsVariable) is { Length: > 0 } folder) Save(folder);
        string unused = UnusedSettings.Count == 0 ? "" : $" Settings nobody asked for: {string.Join(", ", UnusedSettings)}.";
        var claims = Results.Where(result => result.Claim is not null).ToList();
        if (!Judges) return $"{claims.Count} claims, not judged at smoke scale.{unused}";

        var broken = claims.Where(result => result.Holds == false).ToList();
        return broken.Count == 0 ? $"All {claims.Count} claims hold.{unused}" : throw new ClaimException(broken);
    }
}
