using System.Diagnostics;

namespace FlowKit.Cli.Tests;

public sealed class FloodTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Theory]
    [InlineData("new string('x', 100_000_000)", "[flowkit: cut after 100,000 characters]")]
    [InlineData("new int[10_000_000]", "(9999980 more)")]
    [InlineData("Enumerable.Range(0, int.MaxValue)", "(2147483627 more)")]
    [InlineData("Enumerable.Range(0, 200).ToDictionary(i => i, i => Enumerable.Range(0, 1000).ToDictionary(j => j, j => new string('y', 1000)))", "more")]
    [InlineData("class N { public N Next; public string Text = new string('y', 1_000_000); }\nvar n = new N(); n.Next = n; n", "[flowkit: cut after")]
    [InlineData("HTML(new string('z', 50_000_000))", "of more than 2 MB is not shown]")]
    public void A_giant_value_is_shown_in_part(string code, string notice)
    {
        var clock = Stopwatch.StartNew();
        var outputs = work.Run([code])[0];
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
        Assert.Contains(notice, outputs[0]!["data"]!["text/plain"].Joined());
        Assert.InRange(new FileInfo(work["book.ipynb"]).Length, 1, 1_000_000);
    }

    [Theory]
    [InlineData("for (int i = 0; i < 3000; i++) display(i);", 1000)]
    [InlineData("for (int i = 0; i < 40; i++) display(HTML(new string('z', 500_000)));", 8)]
    public void A_flood_of_values_ends_with_one_notice(string code, int shown)
    {
        string[] words = work.Run([code])[0].Words();
        Assert.Equal(shown + 1, words.Length);
        Assert.All(words[..^1], word => Assert.StartsWith("display:", word));
        Assert.Equal("stderr:[flowkit: this cell shows more than 1,000 values or 4 MB; the rest is left out]\n", words[^1]);
    }

    [Fact]
    public void Beside_html_stands_plain_text()
    {
        var data = work.Run(["new[] { 1, 2 }"])[0][0]!["data"]!.AsObject();
        Assert.Equal(["text/html", "text/plain"], data.Select(entry => entry.Key));
        Assert.Equal("[ 1, 2 ]", data["text/plain"].Joined());
    }
}
