using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FlowKit.Cli;

/// <summary>Answers from the compiler's model of a session: it sees the cells that have run so far, and it changes nothing.</summary>
/// <remarks>
/// Built on the semantic model rather than on the compiler's editor services: those take 1.5 s for the first answer, weigh 15 MB more, and compile the session's
/// cells a second time.
/// </remarks>
internal sealed class CodeInsight(SubmissionChain submissions, string directory) : ICodeInsight
{
    /// <inheritdoc/>
    public Task<Completions> CompleteAsync(string code, int cursor, CancellationToken cancellation) => DeepStack.Run(
        () =>
        {
            cursor = Math.Clamp(cursor, 0, code.Length);
            return MagicCompletion.At(code, cursor, directory) ?? CodeCompletion.At(Sketch, code, cursor, cancellation);
        });

    /// <inheritdoc/>
    public Task<Inspection?> InspectAsync(string code, int cursor, CancellationToken cancellation) =>
        DeepStack.Run(() => CodeInspection.At(Sketch(code), Math.Clamp(cursor, 0, code.Length), submissions.States, cancellation));

    /// <inheritdoc/>
    public Completeness IsComplete(string code) => DeepStack.Run(() => CellCompleteness.Of(code)).GetAwaiter().GetResult();

    private SemanticModel Sketch(string code)
    {
        var tree = CellSyntax.Read(SourceText.From(code)) ?? Blank(code.Length);
        return submissions.Sketch(tree).GetSemanticModel(tree);
    }

    // Stands in for code that is nested too deeply to analyze.
    private static SyntaxTree Blank(int length) => CSharpSyntaxTree.ParseText(new string(' ', length), CellSyntax.Options);
}
