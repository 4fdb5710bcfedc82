namespace FlowKit.Cli;

/// <summary>Text files inside this program.</summary>
internal static class EmbeddedText
{
    /// <summary>The whole text of one.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The program holds no '{name}'.");
        return new StreamReader(stream).ReadToEnd();
    }
}
