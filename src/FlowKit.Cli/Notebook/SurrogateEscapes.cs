using System.Text.RegularExpressions;

namespace FlowKit.Cli;

/// <summary>JSON escapes for half of a surrogate pair. Some programs write them, and a strict reader refuses the whole file because of one.</summary>
internal static partial class SurrogateEscapes
{
    /// <summary>The same JSON with U+FFFD in place of each half.</summary>
    public static string Mend(string json) => EscapePattern().Replace(json, escape => escape.Groups["half"].Success ? @"\ufffd" : escape.Value);

    // Read from left to right, so that an escaped backslash before a "u" and a whole pair are passed over.
    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|[^u]|u)", RegexOptions.Singleline)]
    private static partial Regex EscapePattern();
}
