using System.Globalization;

namespace FlowKit.Cli;

/// <summary>The outcome of a notebook's run.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Ran">The number of cells that ran, including those that failed.</param>
/// <param name="Cells">Cells with code.</param>
/// <param name="Pictures">Outputs that are pictures.</param>
/// <param name="Elapsed">Wall time.</param>
/// <param name="Target">The file that was written, or null.</param>
internal sealed record NotebookSummary(string Name, int Ran, int Cells, int Pictures, TimeSpan Elapsed, string? Target)
{
    /// <summary>One line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name}: {Ran} of {Cells} cells, {Pictures} {(Pictures == 1 ? "picture" : "pictures")}, {Elapsed.TotalSeconds:F1} s{(Target is null ? "" : $" -> {Target}")}");
}
