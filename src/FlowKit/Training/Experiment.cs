namespace FlowKit.Training;

/// <summary>One run of a notebook: its scale, device and seed, and the results it claims.</summary>
/// <remarks>
/// The three settings come from the environment variables FLOWKIT_SCALE, FLOWKIT_DEVICE and FLOWKIT_SEED, which <c>flowkit run</c> sets from
/// its options, so that one file runs the small version in minutes and the paper's version on a GPU.
/// </remarks>
public sealed class Experiment
{
    /// <summary>Name of the variable that holds the scale: smoke, quick (the default) or paper.</summary>
    public const string ScaleVariable = "FLOWKIT_SCALE";

    /// <summary>Name of the variable that holds the device: cpu (the default), cuda or cuda:N.</summary>
    public const string DeviceVariable = "FLOWKIT_DEVICE";

    /// <summary>Name of the variable that holds the seed, a 64-bit integer; the default is 0.</summary>
    public const string SeedVariable = "FLOWKIT_SEED";

    private Experiment(string name, Scale scale, torch.Device device, long seed) => (Name, Scale, Device, Seed) = (name, scale, device, seed);

    /// <summary>What the chapter calls this run.</summary>
    public string Name { get; }

    /// <summary>How large the run is.</summary>
    public Scale Scale { get; }

    /// <summary>Where its tensors live.</summary>
    public torch.Device Device { get; }

    /// <summary>The seed that torch's generators started from.</summary>
    public long Seed { get; }

    /// <summary>Whether claims are judged: at every scale but smoke.</summary>
    public bool Judges => Scale != Scale.Smoke;

    /// <summary>Starts a run with the settings of the environment and seeds torch.</summary>
    /// <exception cref="ArgumentException">A variable holds something that is no scale, device or seed.</exception>
    /// <exception cref="NotSupportedException">The device is CUDA and there is none.</exception>
    public static Experiment Start(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        string scaleText = Read(ScaleVariable, "quick");
        if (!Enum.TryParse(scaleText, ignoreCase: true, out Scale scale) || !Enum.IsDefined(scale) || char.IsDigit(scaleText[0]))
            throw new ArgumentException($"{ScaleVariable} is smoke, quick or paper; it was '{scaleText}'.", ScaleVariable);

        string seedText = Read(SeedVariable, "0");
        if (!long.TryParse(seedText, out long seed))
            throw new ArgumentException($"{SeedVariable} is a 64-bit integer; it was '{seedText}'.", SeedVariable);

        var experiment = new Experiment(name, scale, Runtime.Device(Read(DeviceVariable, "cpu")), seed);
        Runtime.Seed(seed);
        return experiment;

        static string Read(string variable, string otherwise) =>
            Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? text : otherwise;
    }

    /// <summary>The setting for this run's scale.</summary>
    public T Pick<T>(T smoke, T quick, T paper) => Scale switch { Scale.Smoke => smoke, Scale.Quick => quick, _ => paper };

    /// <summary>The chapter's closing table: paper, truth, ours.</summary>
    public ResultTable Results { get; } = new();

    /// <summary>Asserts every claim at quick and paper scale; at smoke it only says that nothing was judged.</summary>
    /// <returns>One sentence for the notebook.</returns>
    /// <exception cref="ClaimException">A claim does not hold; the message names each one that failed, its value and its bound.</exception>
    public string AssertClaims()
    {
        var claims = Results.Where(result => result.Claim is not null).ToList();
        if (!Judges) return $"{claims.Count} claims, not judged at smoke scale.";

        var broken = claims.Where(result => result.Holds == false).ToList();
        return broken.Count == 0 ? $"All {claims.Count} claims hold." : throw new ClaimException(broken);
    }
}
