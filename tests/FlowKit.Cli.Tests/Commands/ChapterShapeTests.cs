using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Cli.Tests.Jupyter;

namespace FlowKit.Cli.Tests;

/// <summary>What each committed chapter has, as CONTRIBUTING.md describes it.</summary>
public sealed partial class ChapterShapeTests
{
    private const int MostLines = 25, MostCharacters = 110, OpeningCells = 4;

    public static TheoryData<string> Chapters =>
        [.. Directory.GetFiles(Path.Combine(JupyterHost.Root, "notebooks"), "*.ipynb").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Chapters))]
    public void Contents_lead_to_every_section(string name)
    {
        var prose = Cells(name, "markdown");
        string book = string.Join('\n', prose), opening = string.Join('\n', prose.Take(OpeningCells));
        string[] anchors = [.. Anchor().Matches(book).Select(match => match.Groups[1].Value)];
        Assert.Equal(anchors.Distinct(), anchors);
        Assert.Empty(Link().Matches(book).Select(match => match.Groups[1].Value).Except(anchors));

        var listed = Link().Matches(opening).Select(match => match.Groups[1].Value).ToHashSet();
        string[] sections = [.. prose.SelectMany(text => text.Split('\n')).Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Where(line => !line.Contains("Contents", StringComparison.Ordinal))];
        Assert.InRange(sections.Length, 4, 40);
        Assert.All(sections, line => Assert.Contains(Anchor().Match(line).Groups[1].Value, listed));
    }

    [Theory, MemberData(nameof(Chapters))]
    public void A_code_cell_fits_on_a_screen(string name) => Assert.All(Cells(name, "code"), code =>
    {
        string[] lines = code.TrimEnd().Split('\n');
        Assert.True(lines.Length <= MostLines, $"{lines.Length} lines:\n{code}");
        Assert.All(lines, line => Assert.True(line.Length <= MostCharacters, $"{line.Length} characters: {line}"));
    });

    [Theory, MemberData(nameof(Chapters))]
    public void Each_claim_of_the_opening_is_taken_up_and_gets_a_verdict(string name)
    {
        var prose = Cells(name, "markdown");
        int[] claims = [.. Claim().Matches(string.Join('\n', prose.Take(OpeningCells))).Select(match => int.Parse(match.Groups[1].Value)).Distinct().Order()];
        Assert.InRange(claims.Length, 3, 12);
        Assert.Equal(Enumerable.Range(1, claims.Length), claims);
        Assert.All(claims, claim => Assert.Contains(prose.Skip(OpeningCells), text => Regex.IsMatch(text, $@"\bC{claim}\b")));

        string[] verdicts = [.. Outputs(name).SelectMany(text => text.Split('\n')).Where(line => Regex.IsMatch(line, @"^C\d+: ") && Regex.IsMatch(line, "holds|does not hold here|not tested"))];
        Assert.All(claims, claim => Assert.Contains(verdicts, line => line.StartsWith($"C{claim}: ", StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(Chapters))]
    public void It_ends_with_a_verdict_what_was_learned_exercises_and_where_to_go_on(string name)
    {
        string[] headings = [.. Cells(name, "markdown").SelectMany(text => text.Split('\n')).Where(line => line.StartsWith("##", StringComparison.Ordinal)).TakeLast(8)];
        Assert.All(["verdict", "learned", "exercises", "where to go on"], part => Assert.Contains(headings, line => line.Contains(part, StringComparison.OrdinalIgnoreCase)));
    }

    private static string[] Cells(string name, string kind) =>
        [.. Book(name)["cells"]!.AsArray().Where(cell => (string)cell!["cell_type"]! == kind).Select(cell => Join(cell!["source"])).Where(text => text.Length > 0)];

    private static IEnumerable<string> Outputs(string name) =>
        Book(name)["cells"]!.AsArray().SelectMany(cell => cell!["outputs"]?.AsArray() ?? []).Select(output => Join(output!["data"]?["text/plain"]));

    private static JsonNode Book(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(JupyterHost.Root, "notebooks", name)))!;

    private static string Join(JsonNode? text) => text is JsonArray lines ? string.Concat(lines.Select(line => (string)line!)) : (string?)text ?? "";

    [GeneratedRegex("<a id=\"([^\"]+)\"></a>")]
    private static partial Regex Anchor();

    [GeneratedRegex(@"\]\(#([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\bC(\d+)\b")]
    private static partial Regex Claim();
}
