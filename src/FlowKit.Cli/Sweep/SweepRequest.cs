namespace FlowKit.Cli;

/// <summary>The work of one run of a sweep, as it is stored in the run's folder.</summary>
/// <param name="Notebook">Full path.</param>
/// <param name="Code">A digest of the notebook's code: results of other code do not belong to this run.</param>
/// <param name="Scale">smoke, quick, paper, or null.</param>
/// <param name="Device">cpu, cuda, cuda:N, or null.</param>
/// <param name="Seed">Of the random numbers.</param>
/// <param name="Settings">The notebook's own settings.</param>
/// <param name="Timeout">Of each cell, seconds, or null.</param>
internal sealed record SweepRequest(string Notebook, string Code, string? Scale, string? Device, long Seed, IReadOnlyDictionary<string, string> Settings, double? Timeout)
{
    /// <summary>Whether both requests lead to the same results: the path of the notebook and the timeout do not matter.</summary>
    public bool IsSameWork(SweepRequest other) =>
        (Code, Scale, Device, Seed) == (other.Code, other.Scale, other.Device, other.Seed) && Settings.OrderBy(one => one.Key).SequenceEqual(other.Settings.OrderBy(one => one.Key));
}
