using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.Tests.Devices;

/// <summary>Finds calls that make a tensor without saying of what precision and where: on a GPU they make it on the CPU.</summary>
internal static class FactoryCalls
{
    private static readonly HashSet<string> Factories =
        ["zeros", "ones", "tensor", "arange", "rand", "randn", "randint", "randperm", "eye", "linspace", "logspace", "full", "empty"];

    private static readonly HashSet<string> Dtypes =
        ["float16", "bfloat16", "float32", "float64", "int8", "uint8", "int16", "int32", "int64", "bool", "dtype", "Dtype", "get_default_dtype"];

    private static readonly HashSet<string> Devices = ["CPU", "CUDA", "META", "device", "Device"];

    /// <summary>"file:line: call" for every factory call without both a dtype and a device, by name or recognizable.</summary>
    public static IEnumerable<string> Unplaced(string source, string file) =>
        from call in CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
        where IsFactory(call.Expression) && !(Has(call, "dtype", Dtypes) && Has(call, "device", Devices))
        select $"{file}:{call.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {call}";

    private static bool IsFactory(ExpressionSyntax called) => called switch
    {
        IdentifierNameSyntax name => Factories.Contains(name.Identifier.ValueText),
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "torch" } } access => Factories.Contains(access.Name.Identifier.ValueText),
        _ => false,
    };

    private static bool Has(InvocationExpressionSyntax call, string name, HashSet<string> recognizable) =>
        call.ArgumentList.Arguments.Any(argument => argument.NameColon?.Name.Identifier.ValueText == name || recognizable.Contains(LastName(argument.Expression)));

    // x.device, Device, get_default_dtype(), ScalarType.Float64.
    private static string LastName(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "ScalarType" } } => "dtype",
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        InvocationExpressionSyntax inner => LastName(inner.Expression),
        _ => "",
    };
}
