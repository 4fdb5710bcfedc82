namespace FlowKit.Cli.Tests;

public sealed class NestingTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    public static TheoryData<string, string, string> Levels => new()
    {
        { "(", "1", ")" }, { "{", "", "}" }, { "$\"{", "1", "}\"" }, { "(1, ", "1", ")" }, { "- ", "1", "" }, { "true ? 1 : ", "1", "" }, { "x = ", "1", "" }, { "s ?? ", "s", "" },
        { "if (true) ", ";", "" }, { "if (true) ; else ", ";", "" }, { "List<", "int", "> x" }, { "delegate*<", "", "" }, { "class A { ", "", "}" },
        { "", "s", ".ToString()" },
    };

    [Theory]
    [MemberData(nameof(Levels))]
    public void Code_nested_without_end_fails_its_cell_and_not_the_process(string left, string middle, string right)
    {
        var outputs = work.Run(["int x; string s = \"\";", Nested(left, middle, right, 20_000), "1"], "--allow-errors");
        Assert.Contains("nested deeper than 500 levels", outputs[1].Words()[^1]);
        Assert.Equal(["value:1"], outputs[2].Words());
    }

    [Theory]
    [InlineData("(", "7", ")")]
    [InlineData("true ? 7 : ", "1", "")]
    [InlineData("x = ", "7", "")]
    [InlineData("", "7", " * 1")]
    public void Four_hundred_levels_run(string left, string middle, string right) =>
        Assert.Equal("value:7", work.Run(["int x;", Nested(left, middle, right, 400)])[1].Words()[^1]);

    [Fact]
    public void A_long_sum_is_no_deep_one() =>
        Assert.Equal(["value:5001"], work.Run(["int x = 1;", Nested("", "x", " + x", 5000)])[1].Words());

    [Theory]
    [MemberData(nameof(Levels))]
    public void Nothing_is_known_about_code_nested_without_end(string left, string middle, string right)
    {
        string code = Nested(left, middle, right, 20_000);
        using var session = new InsightSession(work.Folder);
        Assert.Equal(CodeStatus.Invalid, session.Insight.IsComplete(code).Status);
        Assert.Null(session.Inspect(code + "|"));
        Assert.DoesNotContain("ToString", session.Complete(code + "|").Matches);
    }

    private static string Nested(string left, string middle, string right, int levels) =>
        string.Concat(Enumerable.Repeat(left, levels)) + middle + string.Concat(Enumerable.Repeat(right, levels));
}
