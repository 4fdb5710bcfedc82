namespace FlowKit.Cli.Tests;

public sealed class NestingTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    public static TheoryData<string, string, string> Levels => new()
    {
        { "(", "1", ")" }, { "{", "", "}" }, { "$\"{", "1", "}\"" }, { "(1, ", "1", ")" }, { "- ", "1", "" }, { "true ? 1 : ", "1", "" }, { "x = ", "1", "" }, { "s ?? ", "s", "" },
        { "if (true) ", ";", "" }, { "if (true) ; else ", ";", "" }, { "class A { ", "", "}" }, { "", "s", ".ToString()" },
    };

    [Theory]
    [MemberData(nameof(Levels))]
    public void Code_nested_without_end_fails_its_cell_and_not_the_process(string left, string middle, string right)
    {
        var outputs = work.Run(["int x; string s = \"\";", Nested(left, middle, right, 20_000), "1"], "--allow-errors");
        Assert.Contains("nested deeper than 5000 levels", outputs[1].Words()[^1]);
        Assert.Equal(["value:1"], outputs[2].Words());
    }

    [Theory]
    [InlineData("(", "7", ")")]
    [InlineData("true ? 7 : ", "1", "")]
    [InlineData("x = ", "7", "")]
    [InlineData("", "7", " * 1")]
    [InlineData("", "7", ".Equals(1).ToString().Length + 3")]
    public void A_thousand_levels_run(string left, string middle, string right) =>
        Assert.StartsWith("value:", work.Run(["int x;", Nested(left, middle, right, 1000)])[1].Words()[^1]);

    [Fact]
    public void What_a_text_or_a_list_holds_is_no_level()
    {
        string table = string.Concat(Enumerable.Repeat("gene17,<0.01 (: !\n", 2000));
        string shifts = string.Concat(Enumerable.Range(0, 2000).Select(i => $"1L << {i % 60},"));
        Assert.Equal(["value:2000"], work.Run([$"var t = \"\"\"\n{table}\"\"\"; var list = new[] {{ {shifts} }}; list.Length"])[0].Words());
    }

    [Theory]
    [InlineData("/// ", "<a>", "\nclass C { }")]
    [InlineData("#if ", "!", "A\n#endif")]
    [InlineData("#if ", "(", "A\n#endif")]
    public void What_is_no_code_neither_ends_the_process(string before, string level, string after)
    {
        string code = before + string.Concat(Enumerable.Repeat(level, 20_000)) + after;
        Assert.Equal(["value:1"], work.Run([code, "1"], "--allow-errors")[1].Words());
        Assert.Equal(0, work.Invoke("export", work["book.ipynb"]));
    }

    [Fact]
    public void Variables_whose_types_follow_from_each_other_compile() =>
        Assert.Equal(["value:1"], work.Run([string.Concat(Enumerable.Range(0, 2000).Select(i => $"var a{i} = a{i + 1};")) + "var a2000 = 1; 1"])[0].Words());

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
