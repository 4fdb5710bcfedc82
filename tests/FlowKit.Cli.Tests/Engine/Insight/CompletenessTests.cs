namespace FlowKit.Cli.Tests;

public sealed class CompletenessTests
{
    [Theory]
    [InlineData("", "Complete")]
    [InlineData("1 + 1", "Complete")]
    [InlineData("var x = 1;", "Complete")]
    [InlineData("#!time\nvar x = 1;", "Complete")]
    [InlineData("#!markdown\nIt's (open", "Complete")]
    [InlineData("// remark", "Complete")]
    [InlineData("for (int i = 0; i < 3; i++) { }", "Complete")]
    [InlineData("for (int i = 0; i < 3; i++)\n{", "Incomplete", "    ")]
    [InlineData("if (a)\n{\n    foo(x,", "Incomplete", "        ")]
    [InlineData("var x =", "Incomplete")]
    [InlineData("    var x =", "Incomplete", "    ")]
    [InlineData("/* open", "Incomplete")]
    [InlineData("var s = \"\"\"\n text", "Incomplete", " ")]
    [InlineData("1 +) 2;", "Invalid")]
    [InlineData("}", "Invalid")]
    public void A_text_is(string code, string status, string indent = "")
    {
        var verdict = CellCompleteness.Of(code);
        Assert.Equal((status, indent), (verdict.Status.ToString(), verdict.Indent));
    }
}
