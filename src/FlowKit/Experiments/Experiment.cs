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
public sealed partial class Experiment
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

    internal const string UntrainedSetting = "Untrained", StepsSetting = "Steps";

    private readonly ProvidedSettings given;
    private readonly List<Setting> settings = [];
    private int? mostSteps;

    private Experiment(string name, ProvidedSettings given)
    {
        (Name, this.given) = (name, given);
        Truths = new(Results);
        Claims = new(this);
    }

    /// <summary>The chapter's name for this run.</summary>
    public string Name { get; }

    /// <summary>How large the run is.</summary>
    public Scale Scale { get; private init; }

    /// <summary>The device of its tensors.</summary>
    public torch.Device Device { get; private init; } = CPU;

    /// <summary>The seed that torch's generators started from.</summary>
    public long Seed { get; private init; }

    /// <summary>Whether no training takes a step, so that each claim meets the models as they start (<c>flowkit run --set Untrained=true</c>). A claim about learning must fail then.</summary>
    public bool Untrained { get; private init; }

    /// <summary>Whether claims are judged: at every scale but smoke, unless the setting "Steps" cut the trainings short.</summary>
    public bool Judges => Scale != Scale.Smoke && mostSteps is null;

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
        var (untrainedText, untrainedOrigin) = given.Ask(UntrainedSetting) ?? ("false", SettingOrigin.Default);
        bool untrained = SettingText.Parse<bool>(UntrainedSetting, untrainedText, untrainedOrigin);
        var experiment = new Experiment(name, given) { Scale = scale, Device = Runtime.Device(device), Seed = seed, Untrained = untrained };
        experiment.settings.AddRange(
        [
            new("scale", scale.ToString().ToLowerInvariant(), scaleOrigin),
            new("device", device, deviceOrigin),
            new("seed", SettingText.Of(seed), seedOrigin),
        ]);
        if (untrainedOrigin != SettingOrigin.Default) experiment.settings.Add(new(UntrainedSetting, SettingText.Of(untrained), untrainedOrigin));
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

    /// <summary>The steps of a training at this run's scale. Every training of a chapter takes its steps from here, so that two settings reach all of them:
    /// with "Untrained" there are none (see <see cref="Untrained"/>), and with "Steps" there are at most that many, which tries a scale out.</summary>
    /// <exception cref="ArgumentException">The setting "Steps" is not a whole number of at least 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number for this scale is below 1.</exception>
    public int Steps(int smoke, int quick, int paper)
    {
        int steps = Pick(smoke, quick, paper);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1, Scale.ToString().ToLowerInvariant());
        if (mostSteps is null && given.Ask(StepsSetting) is var (text, origin))
        {
            int most = SettingText.Parse<int>(StepsSetting, text, origin);
            mostSteps = most >= 1 ? most : throw new ArgumentException($"The setting '{StepsSetting}' is at least 1; it was {most}.", StepsSetting);
            settings.Add(new(StepsSetting, SettingText.Of(most), origin));
        }
        return Untrained ? 0 : Math.Min(steps, mostSteps ?? steps);
    }

    /// <summary>What this run measured, and what the notebook promises about it.</summary>
    public ResultTable Results { get; } = new();

    /// <summary>The paper's headline figures beside the nearest of ours.</summary>
    public PaperTable Paper { get; } = new();

    /// <summary>The results whose true values are known, with their distances from the truth.</summary>
    public TruthTable Truths { get; }

    /// <summary>The paper's claims, C1 to Cn, and the verdict on each.</summary>
    public ClaimTable Claims { get; }

    /// <summary>The results as a table with one line per result, each with all settings: experiment, settings, quantity, unit, paper, confidence, truth, ours, standard_error, claim, verdict, tests, contradicts, without_training.</summary>
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
    /// <remarks>In an <see cref="Untrained"/> run it is the other way round: a claim about learning must fail. Those that hold all the same are listed with the reasons that the notebook gives.</remarks>
    /// <returns>One sentence for the notebook.</returns>
    /// <exception cref="ClaimException">A claim does not hold, or one about learning holds without training or was measured as NaN there; the message names each, its value and its bound.</exception>
    /// <exception cref="InvalidOperationException">A result tests a claim that <see cref="Claims"/> does not list, or a listed claim has neither results nor a reason why it was not tested.</exception>
    public string AssertClaims()
    {
        if (Environment.GetEnvironmentVariable(ResultsVariable) is { Length: > 0 } folder) Save(folder);
        Claims.CheckNumbers();
        string unused = UnusedSettings.Count == 0 ? "" : $" Settings nobody asked for: {string.Join(", ", UnusedSettings)}.";
        var claims = Results.Where(result => result.Claim is not null).ToList();
        if (!Judges) return $"{claims.Count} claims, not judged {(mostSteps is { } most ? $"with trainings cut short at {most} steps" : "at smoke scale")}.{unused}";

        var wrong = claims.Where(result => Untrained ? (result.Holds == true && result.WithoutTraining.Length == 0) || double.IsNaN(result.Ours) : result.Holds == false).ToList();
        if (wrong.Count > 0) throw new ClaimException(wrong, Untrained);
        return (Untrained ? WithoutTraining(claims) : $"All {claims.Count} claims hold.") + unused;
    }

    private static string WithoutTraining(List<Result> claims)
    {
        var holding = claims.Where(result => result.Holds == true).ToList();
        string text = $"Without training {claims.Count - holding.Count} of {claims.Count} claims fail, among them all that are about learning.";
        return holding.Count == 0 ? text : $"{text} {holding.Count} hold:\n{string.Join('\n', holding.Select(result => $"  {result.Quantity}: {result.WithoutTraining}"))}";
    }
}
