namespace FlowKit;

/// <summary>Turns names into file names.</summary>
internal static class FileName
{
    /// <summary>The words in lower case, joined by dashes: "Chapter 2: RealNVP" is chapter-2-realnvp.</summary>
    public static string Of(string name, string otherwise)
    {
        string words = string.Join('-', string.Concat(name.ToLowerInvariant().Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return words.Length > 0 ? words : otherwise;
    }
}
