using FlowKit.Training;

namespace FlowKit.Cli;

/// <summary>What <c>flowkit run</c> was asked to do.</summary>
/// <param name="Notebooks">Files that exist.</param>
/// <param name="Output">A file or folder, or null to write each notebook in its place.</param>
/// <param name="Scale">smoke, quick, paper, or null.</param>
/// <param name="Device">cpu, cuda, cuda:N, or null.</param>
/// <param name="Seed">A 64-bit integer, or null.</param>
/// <param name="Timeout">Of each cell, or null.</param>
/// <param name="AllowErrors">Whether a failed cell ends its notebook.</param>
internal sealed record RunOptions(
    IReadOnlyList<string> Notebooks, string? Output, string? Scale, string? Device, string? Seed, TimeSpan? Timeout, bool AllowErrors)
{
    /// <summary>The settings as <see cref="Experiment"/> reads them; null leaves a variable as it is.</summary>
    public IEnumerable<(string Variable, string? Value)> Environment =>
    [
        (Experiment.ScaleVariable, Scale ?? (string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable(Experiment.ScaleVariable)) ? "quick" : null)),
        (Experiment.DeviceVariable, Device),
        (Experiment.SeedVariable, Seed),
    ];
}
