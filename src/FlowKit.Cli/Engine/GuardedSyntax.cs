using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace FlowKit.Cli;

/// <summary>Puts the questions of <see cref="CellGuard"/> into a cell's loops and functions. Every line stays the line it was.</summary>
internal sealed class GuardedSyntax : CSharpSyntaxRewriter
{
    private static readonly StatementSyntax turn = Question(nameof(CellGuard.Turn)), call = Question(nameof(CellGuard.Call)), callAsync = Question(nameof(CellGuard.CallAsync));
    private readonly Lazy<SemanticModel> model;

    private GuardedSyntax(CSharpCompilation compilation) => model = new(() => compilation.GetSemanticModel(compilation.SyntaxTrees[0]));

    /// <summary>The compilation of the guarded code; the same where there is nothing to guard, or where it does not parse. To be called on a <see cref="DeepStack"/>.</summary>
    public static CSharpCompilation Guard(CSharpCompilation compilation)
    {
        var tree = compilation.SyntaxTrees[0];
        var root = tree.GetCompilationUnitRoot();
        if (root.ContainsDiagnostics) return compilation;

        var guarded = (CompilationUnitSyntax)new GuardedSyntax(compilation).Visit(root)!;
        return guarded == root ? compilation : compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.Create(guarded, CellSyntax.Options, tree.FilePath, Encoding.UTF8));
    }

    /// <inheritdoc/>
    public override SyntaxNode? Visit(SyntaxNode? node) => node is LambdaExpressionSyntax { ExpressionBody: not null } lambda ? Lambda(lambda) : base.Visit(node) switch
    {
        WhileStatementSyntax loop => loop.WithStatement(Asking(loop.Statement)),
        DoStatementSyntax loop => loop.WithStatement(Asking(loop.Statement)),
        ForStatementSyntax loop => loop.WithStatement(Asking(loop.Statement)),
        CommonForEachStatementSyntax loop => loop.WithStatement(Asking(loop.Statement)),
        GotoStatementSyntax jump => Asking(jump),
        AnonymousFunctionExpressionSyntax { Block: { } block } function => function.WithBlock(Begin(block, Call(function.Modifiers))),
        BaseMethodDeclarationSyntax { Body: { } block } function => function.WithBody(Begin(block, Call(function.Modifiers))),
        LocalFunctionStatementSyntax { Body: { } block } function => function.WithBody(Begin(block, Call(function.Modifiers))),
        AccessorDeclarationSyntax { Body: { } block } function => function.WithBody(Begin(block, call)),
        MethodDeclarationSyntax { ExpressionBody: { } arrow } function =>
            function.WithExpressionBody(null).WithSemicolonToken(default).WithBody(Block(arrow, function.SemicolonToken, function.Modifiers, function.ReturnType)),
        LocalFunctionStatementSyntax { ExpressionBody: { } arrow } function =>
            function.WithExpressionBody(null).WithSemicolonToken(default).WithBody(Block(arrow, function.SemicolonToken, function.Modifiers, function.ReturnType)),
        OperatorDeclarationSyntax { ExpressionBody: { } arrow } function =>
            function.WithExpressionBody(null).WithSemicolonToken(default).WithBody(Block(arrow, function.SemicolonToken, function.Modifiers, function.ReturnType)),
        ConversionOperatorDeclarationSyntax { ExpressionBody: { } arrow } function =>
            function.WithExpressionBody(null).WithSemicolonToken(default).WithBody(Block(arrow, function.SemicolonToken, function.Modifiers, function.Type)),
        ConstructorDeclarationSyntax { ExpressionBody: { } arrow } function =>
            function.WithExpressionBody(null).WithSemicolonToken(default).WithBody(Block(arrow, function.SemicolonToken, call, hasValue: false)),
        AccessorDeclarationSyntax { ExpressionBody: { } arrow } function =>
            function.WithExpressionBody(null).WithSemicolonToken(default).WithBody(Block(arrow, function.SemicolonToken, call, function.IsKind(SyntaxKind.GetAccessorDeclaration))),
        PropertyDeclarationSyntax { ExpressionBody: { } arrow } property =>
            property.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(Getter(arrow, property.SemicolonToken)),
        IndexerDeclarationSyntax { ExpressionBody: { } arrow } property =>
            property.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(Getter(arrow, property.SemicolonToken)),
        var other => other,
    };

    // What is meant as a tree of expressions stays one.
    private LambdaExpressionSyntax Lambda(LambdaExpressionSyntax lambda)
    {
        if (model.Value.GetTypeInfo(lambda).ConvertedType?.TypeKind != TypeKind.Delegate || model.Value.GetSymbolInfo(lambda).Symbol is not IMethodSymbol function) return lambda;

        bool hasValue = !(function.ReturnsVoid || (function.IsAsync && function.ReturnType is INamedTypeSymbol { IsGenericType: false }));
        var asking = (LambdaExpressionSyntax)base.Visit(lambda)!;
        return (LambdaExpressionSyntax)asking.WithExpressionBody(null).WithBlock(Block(asking.ExpressionBody!, Call(lambda.Modifiers), hasValue));
    }

    private static StatementSyntax Question(string name) => ParseStatement($"global::{typeof(CellGuard).FullName}.{name}();");

    // A declaration alone in a loop is an error, and stays one.
    private static StatementSyntax Asking(StatementSyntax body) => body switch
    {
        BlockSyntax block => Begin(block, turn),
        LocalDeclarationStatementSyntax or LocalFunctionStatementSyntax or LabeledStatementSyntax => body,
        _ => SyntaxFactory.Block(turn.WithLeadingTrivia(body.GetLeadingTrivia()), body.WithoutLeadingTrivia()),
    };

    // Beside the first statement, so that what is said of the one is on the line of the other.
    private static BlockSyntax Begin(BlockSyntax block, StatementSyntax question)
    {
        if (block.Statements.FirstOrDefault() is not { } first) return block.AddStatements(question);
        return block.WithStatements(block.Statements.Replace(first, first.WithoutLeadingTrivia()).Insert(0, question.WithLeadingTrivia(first.GetLeadingTrivia())));
    }

    private static StatementSyntax Call(SyntaxTokenList modifiers) => modifiers.Any(SyntaxKind.AsyncKeyword) ? callAsync : call;

    private static BlockSyntax Block(ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon, SyntaxTokenList modifiers, TypeSyntax type) => Block(arrow, semicolon, Call(modifiers), type switch
    {
        PredefinedTypeSyntax named => !named.Keyword.IsKind(SyntaxKind.VoidKeyword),
        QualifiedNameSyntax { Right: IdentifierNameSyntax } or IdentifierNameSyntax => !modifiers.Any(SyntaxKind.AsyncKeyword),     // async Task has no value, Task alone is one
        _ => true,
    });

    // "=> value;" as "{ return value; }", whose brackets keep what stood around the arrow and the semicolon.
    private static BlockSyntax Block(ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon, StatementSyntax question, bool hasValue)
    {
        var block = Block(arrow.Expression, question, hasValue);
        return block.WithOpenBraceToken(block.OpenBraceToken.WithTriviaFrom(arrow.ArrowToken)).WithCloseBraceToken(block.CloseBraceToken.WithTriviaFrom(semicolon));
    }

    private static BlockSyntax Block(ExpressionSyntax value, StatementSyntax question, bool hasValue)
    {
        var bare = value.WithoutLeadingTrivia();
        return SyntaxFactory.Block(question.WithLeadingTrivia(value.GetLeadingTrivia()), bare switch
        {
            ThrowExpressionSyntax thrown => ThrowStatement(thrown.Expression),
            _ when hasValue => ReturnStatement(bare),
            _ => ExpressionStatement(bare),
        });
    }

    private static AccessorListSyntax Getter(ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon) =>
        AccessorList([AccessorDeclaration(SyntaxKind.GetAccessorDeclaration).WithBody(Block(arrow, semicolon, call, hasValue: true))]);
}
