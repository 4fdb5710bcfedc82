namespace FlowKit.Cli;

/// <summary>Positions in a text: Jupyter counts code points, C# counts UTF-16 units.</summary>
internal static class CodePoints
{
    /// <summary>The UTF-16 position after so many code points, within the text.</summary>
    public static int ToUtf16(string text, int codePoints)
    {
        int at = 0;
        for (; codePoints > 0 && at < text.Length; codePoints--) at += char.IsSurrogatePair(text, at) ? 2 : 1;
        return at;
    }

    /// <summary>How many code points lie before a UTF-16 position.</summary>
    public static int FromUtf16(string text, int position)
    {
        int count = 0;
        for (int at = 0; at < position && at < text.Length; count++) at += char.IsSurrogatePair(text, at) ? 2 : 1;
        return count;
    }
}
