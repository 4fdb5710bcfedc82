using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowKit.Cli;

/// <summary>How much two texts may differ: slightly in their numbers, not at all in their words or in the number of lines.</summary>
/// <param name="Relative">Of a stored number's size, at least 0.</param>
/// <param name="Absolute">Whatever its size, at least 0.</param>
internal sealed partial record Tolerance(double Relative, double Absolute)
{
    /// <summary>The lines that differ, numbered from 1, as stored and as found; null stands for a missing line.</summary>
    public IEnumerable<(int Line, string? Stored, string? Found)> Differences(string stored, string found)
    {
        string[] before = Lines(stored), after = Lines(found);
        for (int i = 0; i < Math.Max(before.Length, after.Length); i++)
        {
            string? expected = i < before.Length ? before[i] : null, came = i < after.Length ? after[i] : null;
            if (expected is null || came is null || !Agree(expected, came)) yield return (i + 1, expected, came);
        }
    }

    /// <summary>Whether two lines agree. The amount of white space does not matter, since the width of a number shifts its column.</summary>
    public bool Agree(string stored, string found)
    {
        string[] before = Parts(stored), after = Parts(found);
        return before.Length == after.Length && before.Zip(after).All(pair => pair.First == pair.Second || Agree(Number(pair.First), Number(pair.Second)));
    }

    // NaN stands for text that is not a number, and agrees with nothing.
    private bool Agree(double stored, double found) => Math.Abs(found - stored) <= Absolute + Relative * Math.Abs(stored);

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static string[] Parts(string line) => [.. NumberPattern().Split(SpacePattern().Replace(line.Trim(), " ")).Where(part => part.Length > 0)];

    private static double Number(string part) =>
        double.TryParse(part.Replace('\u2212', '-'), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : double.NaN;

    // The digits within a name, as in float64, are not a number.
    [GeneratedRegex(@"((?<![\p{L}\p{N}_.])[-+\u2212]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpacePattern();
}
