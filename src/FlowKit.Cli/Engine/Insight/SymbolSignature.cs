using Microsoft.CodeAnalysis;

namespace FlowKit.Cli;

/// <summary>Writes a symbol as its declaration would.</summary>
internal static class SymbolSignature
{
    private const SymbolDisplayMemberOptions Members =
        SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue;

    private static readonly SymbolDisplayFormat own = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Omitted,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeVariance | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        memberOptions: Members,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        extensionMethodStyle: SymbolDisplayExtensionMethodStyle.Default,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        localOptions: SymbolDisplayLocalOptions.IncludeType | SymbolDisplayLocalOptions.IncludeConstantValue,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat member = own.WithMemberOptions(Members | SymbolDisplayMemberOptions.IncludeContainingType);

    private static readonly SymbolDisplayFormat type = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Omitted,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: own.GenericsOptions,
        delegateStyle: own.DelegateStyle,
        parameterOptions: own.ParameterOptions,
        kindOptions: own.KindOptions,
        miscellaneousOptions: own.MiscellaneousOptions & ~SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>"double Math.Abs(double value)", "class System.Text.StringBuilder", "int x".</summary>
    public static string Of(ISymbol symbol) => symbol.ToDisplayString(symbol switch
    {
        INamedTypeSymbol { ContainingType.IsScriptClass: true } => own,
        INamespaceOrTypeSymbol => type,
        _ when symbol.ContainingType?.IsScriptClass == true => own,
        _ => member,
    });
}
