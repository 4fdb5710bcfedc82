using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace FlowKit.Cli;

/// <summary>Inserts the checks of <see cref="CellGuard"/> into a cell's loops and functions. Every line keeps its number.</summary>
internal sealed class GuardedSyntax : CSharpSyntaxRewriter
{
    private static readonly string guard = $"global::{typeof(CellGuard).FullName}";
    private static readonly StatementSyntax turn = Question(nameof(CellGuard.Turn));
    private static readonly StatementSyntax call = Question(nameof(CellGuard.Call)), callAsync = Question(nameof(CellGuard.CallAsync)), callCatching = Question(nameof(CellGuard.CallCatching));
    private readonly Lazy<SemanticModel> model;

    private GuardedSyntax(CSharpCompilation compilation) => model = new(() => compilation.GetSemanticModel(compilation.SyntaxTrees[^1]));

    /// <summary>The compilation of the guarded code; the given one if there is nothing to guard or the code does not parse. Call it on a <see cref="DeepStack"/>.</summary>
    public static CSharpCompilation Guard(CSharpCompilation compilation)
    {
        var tree = compilation.SyntaxTrees[^1];                 // before it are the files of #load
        var root = tree.GetCompilationUnitRoot();
        if (root.ContainsDiagnostics && tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)) return compilation;

        var guarded = (CompilationUnitSyntax)new GuardedSyntax(compilation).Visit(root)!;
        return guarded == root ? compilation : compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.Create(guarded, CellSyntax.Options, tree.FilePath, Encoding.UTF8));
    }

    /// <summary>Whether the guarded code hides a warning of the compiler: the one about a loop that is empty by mistake.</summary>
    public static bool HidesWarnings(SyntaxTree tree) => tree.GetRoot().DescendantNodes().Any(node =>
        node is EmptyStatementSyntax { Parent: WhileStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax });

    /// <inheritdoc/>
    public override SyntaxNode? Visit(SyntaxNode? node) => node switch
    {
        LambdaExpressionSyntax { ExpressionBody: not null } lambda => Lambda(lambda),
        QueryExpressionSyntax query when IsTree(query) => query,
        _ => Guarded(base.Visit(node)),
    };

    private static SyntaxNode? Guarded(SyntaxNode? node) => node switch
    {
        WhileStatementSyntax loop => loop.WithStatement(Asking(loop.Statement)),
        DoStatementSyntax loop => loop.WithStatement(Asking(loop.Statement)),
        ForStatementSyntax loop => loop.WithStatement(Asking(loop.Statement)),
        CommonForEachStatementSyntax loop => loop.WithStatement(Asking(loop.Statement)),
        GotoStatementSyntax jump => Asking(jump),
        WhereClauseSyntax clause => clause.WithCondition(Part(clause.Condition)),
        SelectClauseSyntax clause => clause.WithExpression(Part(clause.Expression)),
        AnonymousFunctionExpressionSyntax { Block: { } block } function => function.WithBlock(Begin(block, Call(function.Modifiers, block))),
        BaseMethodDeclarationSyntax { Body: { } block } function => function.WithBody(Begin(block, Call(function.Modifiers, block))),
        LocalFunctionStatementSyntax { Body: { } block } function => function.WithBody(Begin(block, Call(function.Modifiers, block))),
        AccessorDeclarationSyntax { Body: { } block } function => function.WithBody(Begin(block, Call(default, block))),
        BaseMethodDeclarationSyntax { ExpressionBody: { } arrow } function =>
            function.WithExpressionBody(null).WithSemicolonToken(default).WithBody(Block(arrow, function.SemicolonToken, Call(function.Modifiers, arrow), HasValue(function))),
        LocalFunctionStatementSyntax { ExpressionBody: { } arrow } function =>
            function.WithExpressionBody(null).WithSemicolonToken(default).WithBody(Block(arrow, function.SemicolonToken, Call(function.Modifiers, arrow), HasValue(function.ReturnType, function.Modifiers))),
        AccessorDeclarationSyntax { ExpressionBody: { } arrow } function =>
            function.WithExpressionBody(null).WithSemicolonToken(default).WithBody(Block(arrow, function.SemicolonToken, call, function.IsKind(SyntaxKind.GetAccessorDeclaration))),
        PropertyDeclarationSyntax { ExpressionBody: { } arrow } property =>
            property.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(Getter(arrow, property.SemicolonToken)),
        IndexerDeclarationSyntax { ExpressionBody: { } arrow } property =>
            property.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(Getter(arrow, property.SemicolonToken)),
        PropertyDeclarationSyntax { Initializer: { } value, Type: var type, Parent: ClassDeclarationSyntax or RecordDeclarationSyntax } property when !property.Modifiers.Any(SyntaxKind.StaticKeyword) =>
            property.WithInitializer(Made(value, type)),
        FieldDeclarationSyntax { Declaration: { Type: var type } fields, Parent: ClassDeclarationSyntax or RecordDeclarationSyntax } field when !field.Modifiers.Any(SyntaxKind.StaticKeyword) =>
            field.WithDeclaration(fields.WithVariables(SeparatedList(fields.Variables.Select(variable => variable.Initializer is { } value ? variable.WithInitializer(Made(value, type)) : variable), fields.Variables.GetSeparators()))),
        _ => node,
    };

    // An expression tree stays an expression tree.
    private SyntaxNode Lambda(LambdaExpressionSyntax lambda)
    {
        if (model.Value.GetTypeInfo(lambda).ConvertedType is not { TypeKind: not TypeKind.Error } type || IsTree(type)) return lambda;
        var asking = (LambdaExpressionSyntax)base.Visit(lambda)!;
        if (model.Value.GetSymbolInfo(lambda).Symbol is not IMethodSymbol function) return asking;

        bool hasValue = !(function.ReturnsVoid || (function.IsAsync && function.ReturnType is INamedTypeSymbol { IsGenericType: false }));
        return asking.WithExpressionBody(null).WithBlock(Block(asking.ExpressionBody!, Call(lambda.Modifiers, lambda), hasValue));
    }

    private bool IsTree(QueryExpressionSyntax query) => query.DescendantNodes().Select(node => node switch
    {
        QueryClauseSyntax clause => model.Value.GetQueryClauseInfo(clause).OperationInfo.Symbol,
        OrderingSyntax or SelectOrGroupClauseSyntax => model.Value.GetSymbolInfo(node).Symbol,
        _ => null,
    }).OfType<IMethodSymbol>().Any(method => method.Parameters.Any(parameter => IsTree(parameter.Type)));

    private static bool IsTree(ITypeSymbol type) => type.ContainingNamespace?.ToDisplayString() == "System.Linq.Expressions";

    private static ExpressionSyntax Part(ExpressionSyntax value) =>
        InvocationExpression(ParseExpression($"{guard}.{nameof(CellGuard.Part)}"), ArgumentList([Argument(value.WithoutTrivia())])).WithTriviaFrom(value);

    // A node that holds another one would end the process: "class Node { public Node Next { get; set; } = new(); }".
    private static EqualsValueClauseSyntax Made(EqualsValueClauseSyntax initial, TypeSyntax type)
    {
        var value = initial.Value;
        if (value is not BaseObjectCreationExpressionSyntax) return initial;
        var made = GenericName(Identifier(nameof(CellGuard.Made)), TypeArgumentList([type.WithoutTrivia()]));
        var call = InvocationExpression(MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, ParseExpression(guard), made), ArgumentList([Argument(ParseExpression($"{guard}.{nameof(CellGuard.Make)}()")), Argument(value.WithoutTrivia())]));
        return initial.WithValue(call.WithTriviaFrom(value));
    }

    private static StatementSyntax Question(string name) => ParseStatement($"{guard}.{name}();");

    // A declaration as the body of a loop is an error, and stays one.
    private static StatementSyntax Asking(StatementSyntax body) => body switch
    {
        BlockSyntax block => Begin(block, turn),
        LocalDeclarationStatementSyntax or LocalFunctionStatementSyntax or LabeledStatementSyntax => body,
        _ => SyntaxFactory.Block(turn.WithLeadingTrivia(body.GetLeadingTrivia()), body.WithoutLeadingTrivia()),
    };

    // On the line of the first statement, so that an error of either is reported there.
    private static BlockSyntax Begin(BlockSyntax block, StatementSyntax question)
    {
        if (block.Statements.FirstOrDefault() is not { } first) return block.AddStatements(question);
        return block.WithStatements(block.Statements.Replace(first, first.WithoutLeadingTrivia()).Insert(0, question.WithLeadingTrivia(first.GetLeadingTrivia())));
    }

    private static StatementSyntax Call(SyntaxTokenList modifiers, SyntaxNode body) =>
        modifiers.Any(SyntaxKind.AsyncKeyword) ? callAsync : body.DescendantNodes().Any(node => node is CatchClauseSyntax) ? callCatching : call;

    private static bool HasValue(BaseMethodDeclarationSyntax function) => function switch
    {
        MethodDeclarationSyntax method => HasValue(method.ReturnType, method.Modifiers),
        ConstructorDeclarationSyntax or DestructorDeclarationSyntax => false,
        _ => true,
    };

    // An async Task has no value; a Task alone is one.
    private static bool HasValue(TypeSyntax type, SyntaxTokenList modifiers) => type switch
    {
        PredefinedTypeSyntax named => !named.Keyword.IsKind(SyntaxKind.VoidKeyword),
        NullableTypeSyntax { ElementType: IdentifierNameSyntax } or QualifiedNameSyntax { Right: IdentifierNameSyntax } or IdentifierNameSyntax => !modifiers.Any(SyntaxKind.AsyncKeyword),
        _ => true,
    };

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
