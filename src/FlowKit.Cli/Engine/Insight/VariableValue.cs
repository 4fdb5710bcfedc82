using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace FlowKit.Cli;

/// <summary>The value of a notebook's variable, where reading it runs no code of the notebook.</summary>
internal static class VariableValue
{
    private const int Longest = 200;

    /// <summary>The value as text; null if the symbol is not a variable that has been set, or if reading its value would run code.</summary>
    /// <param name="symbol">What the name means.</param>
    /// <param name="states">The objects that hold the session's variables, newest first.</param>
    public static string? Of(ISymbol symbol, IEnumerable<object> states)
    {
        if (symbol is not IFieldSymbol { ContainingType: { IsScriptClass: true } owner } field) return null;

        // A cell that is being written again declares its variables anew: what they held last is what its writer wants to see.
        bool ran = !owner.Locations.Any(place => place.SourceTree?.FilePath == "");
        foreach (object state in states)
        {
            if (ran && state.GetType().Name != owner.MetadataName) continue;
            var found = state.GetType().GetField(field.Name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
            if (found is not null) return found.FieldType.Name == field.Type.MetadataName || field.Type is IArrayTypeSymbol ? Show(found.GetValue(state)) : null;
        }
        return null;
    }

    private static string? Show(object? value) => value switch
    {
        null => "null",
        string text => $"\"{(text.Length <= Longest ? text : text[..Longest] + "...")}\"",
        char letter => $"'{letter}'",
        bool flag => flag ? "true" : "false",
        Enum name => name.ToString(),
        Array { Rank: 1 } list => $"{list.Length} elements",
        ICollection list when list.GetType().Namespace == "System.Collections.Generic" => $"{list.Count} elements",
        IFormattable number when value.GetType() is { IsPrimitive: true } || value is decimal or DateTime or DateOnly or TimeSpan or Guid => number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };
}
