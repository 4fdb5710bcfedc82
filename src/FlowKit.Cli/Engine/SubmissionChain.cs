using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace FlowKit.Cli;

/// <summary>The chain of compiled segments: each one sees the variables, types and usings of those before it.</summary>
/// <remarks>
/// Built on the compiler's script compilations rather than on the scripting package's Script class, so that what a segment assigned stays even when it was
/// stopped, and so that this program decides where an assembly is loaded from.
/// </remarks>
internal sealed class SubmissionChain(string directory, PackageCache cache)
{
    private static readonly string[] imports =
        ["System", "System.IO", "System.Linq", "System.Collections.Generic", "System.Threading", "System.Threading.Tasks", "FlowKit.Cli.CellDisplay"];

    private static readonly EmitOptions emitOptions = new(debugInformationFormat: DebugInformationFormat.PortablePdb);

    private readonly SessionAssemblies assemblies = new();
    private ImmutableArray<MetadataReference> references = HostReferences.All;
    private SessionPackages? packages;
    private CSharpCompilation? previous;
    private object?[] states = new object?[16];     // what each submission declared; [0] would hold a host object
    private int compiled;

    /// <summary>The packages that segments see.</summary>
    public SessionPackages Packages => packages ??= new(directory, cache, assemblies);

    /// <summary>Compiles a segment against everything that ran before it.</summary>
    /// <exception cref="CellException">It does not compile; every diagnostic is one problem.</exception>
    public Submission Compile(CellSegment segment, string cell)
    {
        var text = SourceText.From(segment.Text, Encoding.UTF8);
        var tree = CellSyntax.Parse(text, segment.IsImported ? segment.Path : null, segment.Path);
        string name = $"Submission#{++compiled}";
        var written = CSharpCompilation.CreateScriptCompilation($"notebook-{compiled}", tree, references.Union(Packages.References), Options(name), previous, typeof(object));

        if (tree.GetCompilationUnitRoot().Members.Count == 0)                           // usings and comments only: nothing to emit
        {
            var wrong = written.GetDiagnostics();
            if (wrong.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)) throw CompileErrors.Describe(wrong, cell, directory);
            return new(() => Nothing(written), HasValue: false);
        }

        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        var compilation = GuardedSyntax.Guard(written);
        var emitted = compilation.Emit(code, symbols, options: emitOptions);
        if (!emitted.Success)                                                           // what is wrong is said of the code as it was written
        {
            compilation = written;
            code.SetLength(0);
            symbols.SetLength(0);
            emitted = compilation.Emit(code, symbols, options: emitOptions);
        }
        if (!emitted.Success) throw CompileErrors.Describe(emitted.Diagnostics, cell, directory);
        var warnings = GuardedSyntax.HidesWarnings(tree) ? written.GetDiagnostics() : emitted.Diagnostics;
        foreach (var warning in CompileErrors.Warnings(warnings, cell, directory)) OutputSink.Current?.Write("stderr", $"{warning}\n");

        var entry = compilation.GetEntryPoint(default)!;
        assemblies.Remember(compilation.DirectiveReferences);
        code.Position = symbols.Position = 0;
        var method = assemblies.LoadFromStream(code, symbols).GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public)!;
        return new(() => Start(compilation, method.CreateDelegate<Func<object?[], Task<object?>>>()), EndsInValue(compilation));
    }

    /// <summary>The compilation of a text as if it ran next; nothing of it is emitted, loaded or kept.</summary>
    public CSharpCompilation Sketch(SyntaxTree tree)
    {
        var known = previous;                                   // read once: a cell that runs may take the next step meanwhile
        var options = Options("Sketch").WithMetadataReferenceResolver(new SketchResolver(directory));
        return CSharpCompilation.CreateScriptCompilation(
            "sketch", tree, known is null ? HostReferences.All : known.References.Distinct(), options, known, typeof(object));
    }

    /// <summary>The objects that hold the variables of what ran, newest first.</summary>
    public IEnumerable<object> States => states.Reverse().OfType<object>();

    private Task<object?> Start(CSharpCompilation compilation, Func<object?[], Task<object?>> run)
    {
        if (compiled + 2 > states.Length) Array.Resize(ref states, 2 * states.Length);
        Accept(compilation);
        return run(states);
    }

    private Task<object?> Nothing(CSharpCompilation compilation)
    {
        Accept(compilation);
        return Task.FromResult<object?>(null);
    }

    // "x" is a value, "x;" and a call of a void method are none.
    private static bool EndsInValue(CSharpCompilation compilation) =>
        compilation.SyntaxTrees[^1].GetCompilationUnitRoot().Members.LastOrDefault() is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }
        && compilation.GetSemanticModel(last.SyntaxTree).GetTypeInfo(last.Expression).Type?.SpecialType != SpecialType.System_Void;

    private void Accept(CSharpCompilation compilation)
    {
        previous = compilation;
        references = [.. compilation.References.Distinct()];
    }

    private CSharpCompilationOptions Options(string className) => new(
        OutputKind.DynamicallyLinkedLibrary,
        scriptClassName: className,
        usings: imports,
        optimizationLevel: OptimizationLevel.Release,
        allowUnsafe: true,
        concurrentBuild: false,         // other threads have little stack, and a cell is small
        sourceReferenceResolver: new SourceFileResolver([], directory),
        metadataReferenceResolver: new ReferenceResolver(directory),
        assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default);
}
