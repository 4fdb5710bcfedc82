namespace FlowKit.Cli;

/// <summary>The texts that can replace <c>code[Start..End]</c>.</summary>
/// <param name="Matches">Best first.</param>
/// <param name="Start">Where the replaced text begins.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="Types">What each match is, as "method" or "property"; one for each match.</param>
internal sealed record Completions(IReadOnlyList<string> Matches, int Start, int End, IReadOnlyList<string> Types);
