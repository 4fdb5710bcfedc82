namespace FlowKit.Cli;

/// <summary>The magics of other kernels, and why this engine refuses them.</summary>
internal static class MagicWords
{
    private const string Known = "it knows #!csharp, #!import FILE, #!markdown, #!html and #!time";

    /// <summary>The error message for a magic that is not supported.</summary>
    public static string Refusal(string magic) => magic.ToLowerInvariant() switch
    {
        "#!fsharp" or "#!f#" => Language(magic, "F#"),
        "#!pwsh" or "#!powershell" => Language(magic, "PowerShell"),
        "#!javascript" or "#!js" => Language(magic, "JavaScript"),
        "#!sql" or "#!kql" => Language(magic, "queries"),
        "#!python" or "#!r" or "#!mermaid" or "#!http" => Language(magic, magic[2..]),
        "#!share" or "#!set" or "#!value" => $"The magic '{magic}' passes values between kernels; FlowKit's engine has one, C#: use a variable.",
        "#!connect" or "#!lsmagic" or "#!who" or "#!whos" or "#!about" or "#!help" => $"The magic '{magic}' belongs to .NET Interactive; FlowKit's engine runs C# only: {Known}.",
        _ => $"The magic '{magic}' is not known: FlowKit's engine runs C# only; {Known}.",
    };

    private static string Language(string magic, string language) => $"The magic '{magic}' switches to {language}; FlowKit's engine runs C# only: {Known}.";
}
