namespace FlowKit;

/// <summary>Names of things as names of files.</summary>
internal static class FileName
{
    /// <summary>Lower-case letters and digits with single dashes between: "Chapter 2: RealNVP" is chapter-2-realnvp.</summary>
    public static string Of(string name, string otherwise)
    {
        string words = string.Join('-', string.Concat(name.ToLowerInvariant().Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return words.Length > 0 ? words : otherwise;
    }
}
