using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FlowKit.Tests;

/// <summary>What an executed notebook says in words, as far as two runs of it must agree.</summary>
internal static class Spoken
{
    /// <summary>Of each code cell: everything it printed, then what it returned. A training also shows itself live in a kernel: a display that the command does not store, and which parts what is printed.</summary>
    public static List<string> In(string notebook) =>
    [
        .. JsonNode.Parse(File.ReadAllText(notebook))!["cells"]!.AsArray().Where(cell => cell!["cell_type"]!.GetValue<string>() == "code")
            .SelectMany(cell => cell!["outputs"]!.AsArray().GroupBy(output => (string?)output!["name"] ?? "").Where(group => group.Key.Length > 0)
                .Select(stream => string.Concat(stream.Select(output => Join(output!["text"]))))
                .Concat(cell["outputs"]!.AsArray().Where(output => output!["output_type"]!.GetValue<string>() is "execute_result" or "error").Select(output => Join(output!["data"]?["text/plain"])))
                .Select(WithoutTimes)),
    ];

    // What a clock said or a process took of the memory, also in the column after the parameters and along an axis, and how far a table was widened for it: no two runs agree on it.
    private static string WithoutTimes(string text)
    {
        string close = Regex.Replace(text, "[ -]{2,}", " ");
        close = Regex.Replace(close, @"(against training time"" x) \[[^]]*\]", "$1 TIME");
        close = Regex.Replace(close, @"(time: [^\d\n]*?:?) \d[\d.E+-]*", "$1 TIME");
        close = Regex.Replace(close, @"\d+ MB after", "MEMORY after");
        close = Regex.Replace(close, @"(resident memory grows .*\(MB\)) .*", "$1 MEMORY");
        return Regex.Replace(Regex.Replace(close, @"\d[\d.]* (m?s\b|steps/s|% of the time|times as long as the density)", "TIME $1"), @"(\d{3},\d{3}) \d+ ", "$1 TIME ");
    }

    /// <summary>A text that may be stored line by line.</summary>
    public static string Join(JsonNode? lines) => lines is JsonArray many ? string.Concat(many.Select(line => line!.GetValue<string>())) : lines?.GetValue<string>() ?? "";
}
