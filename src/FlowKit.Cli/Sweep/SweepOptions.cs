namespace FlowKit.Cli;

/// <summary>What <c>flowkit sweep</c> was asked to do.</summary>
/// <param name="Notebook">A file that exists.</param>
/// <param name="Grid">The runs.</param>
/// <param name="Folder">Where everything is kept.</param>
/// <param name="Jobs">Runs at a time, >= 1; null: as many as there are processors, or as Slurm allows.</param>
/// <param name="Scale">smoke, quick, paper, or null.</param>
/// <param name="Device">cpu, cuda, cuda:N, or null.</param>
/// <param name="Timeout">Of each cell, or null.</param>
/// <param name="Slurm">Whether Slurm runs them.</param>
/// <param name="Sbatch">Further options of sbatch.</param>
internal sealed record SweepOptions(
    string Notebook, SweepGrid Grid, string Folder, int? Jobs, string? Scale, string? Device, TimeSpan? Timeout, bool Slurm, IReadOnlyList<string> Sbatch);
