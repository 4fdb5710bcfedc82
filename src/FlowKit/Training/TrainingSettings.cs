using System.Globalization;
using System.Security.Cryptography;

namespace FlowKit.Training;

/// <summary>The settings that determine a training, as text.</summary>
internal static class TrainingSettings
{
    /// <summary>Names and values, without settings that do not change the result, such as progress and the thread count.</summary>
    public static IReadOnlyDictionary<string, string> Of(FitOptions options, Objective objective, bool validates) => new Dictionary<string, string>
    {
        [nameof(options.Steps)] = Text(options.Steps),
        [nameof(options.BatchSize)] = Text(options.BatchSize),
        [nameof(options.Accumulate)] = Text(options.Accumulate),
        [nameof(options.Optimizer)] = options.Optimizer.ToString(),
        [nameof(options.LearningRate)] = Text(options.LearningRate),
        [nameof(options.Schedule)] = Course(options.Schedule),
        [nameof(options.GradientClip)] = Text(options.GradientClip),
        [nameof(options.Average)] = Text(options.Average),
        [nameof(options.EvaluateEvery)] = Text(options.EvaluateEvery),
        [nameof(options.Patience)] = Text(options.Patience),
        ["penalty"] = options.Penalty is null ? "none" : "given",
        ["validation"] = validates ? "given" : "none",
        ["data"] = objective.Data is { } data ? $"{Digest(data.X)}{(data.Context is { } context ? $" given {Digest(context)}" : "")}" : "drawn",
        ["seed"] = Text(Generator.Default.initial_seed()),
    };

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "none";

    private static string Course(Schedule schedule)
    {
        string factors = string.Join(" ", Enumerable.Range(0, 21).Select(i => Text(Math.Round(schedule.Factor(i / 20.0), 6))));
        return schedule.OnPlateau is { } plateau ? $"{factors}, {Text(plateau.Factor)} after {plateau.Patience} evaluations" : factors;
    }

    // A digest, because two sets of the same size are the usual mistake.
    private static string Digest(Tensor data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        TensorBytes.Each(data, bytes => hash.AppendData(bytes));
        return $"{Guard.Describe(data)} of {data.dtype} {Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}";
    }
}
