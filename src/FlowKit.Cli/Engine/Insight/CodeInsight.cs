using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FlowKit.Cli;

/// <summary>Answers from the compiler's model of a session: it sees what ran so far, and changes nothing.</summary>
/// <remarks>
/// Built on the semantic model rather than on the compiler's editor services: those take 1.5 s for the first answer, weigh 15 MB more, and compile the session's
/// cells a second time.
/// </remarks>
internal sealed class CodeInsight(Submissions submissions, string directory) : ICodeInsight
{
    /// <inheritdoc/>
    public Task<Completions> CompleteAsync(string code, int cursor, CancellationToken cancellation) => Task.Run(
        () =>
        {
            cursor = Math.Clamp(cursor, 0, code.Length);
            return MagicCompletion.At(code, cursor, directory) ?? CodeCompletion.At(Sketch, code, cursor, cancellation);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<Inspection?> InspectAsync(string code, int cursor, CancellationToken cancellation) => Task.Run(
        () => CodeInspection.At(Sketch(code), Math.Clamp(cursor, 0, code.Length), submissions.States, cancellation), cancellation);

    /// <inheritdoc/>
    public Completeness IsComplete(string code) => CellCompleteness.Of(code);

    private SemanticModel Sketch(string code)
    {
        var tree = CellSyntax.Read(SourceText.From(code)) ?? CSharpSyntaxTree.ParseText(new string(' ', code.Length), CellSyntax.Options);      // of what is too deep nothing is known
        return submissions.Sketch(tree).GetSemanticModel(tree);
    }
}
