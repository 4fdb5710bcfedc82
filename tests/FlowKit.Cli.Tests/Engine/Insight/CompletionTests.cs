using System.Diagnostics;
using CsCheck;

namespace FlowKit.Cli.Tests;

public sealed class CompletionTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Theory]
    [InlineData("alp|", "alpha", "variable")]
    [InlineData("ALP|", "alpha", "variable")]
    [InlineData("Dou|", "Double", "function")]
    [InlineData("new Poi|", "Point", "class")]
    [InlineData("new StringBui|", "StringBuilder", "class")]
    [InlineData("new Point(1, 2).X|", "X", "property")]
    [InlineData("text.Len|", "Length", "property")]
    [InlineData("text.Sel|", "Select", "function")]
    [InlineData("text.|\nvar x = 3;", "Length", "property")]
    [InlineData("text?.Len|", "Length", "property")]
    [InlineData("int? n = 3; n?.Com|", "CompareTo", "function")]
    [InlineData("Math.Ab|", "Abs", "function")]
    [InlineData("System.Text.Reg|", "RegularExpressions", "namespace")]
    [InlineData("using System.Te|", "Text", "namespace")]
    [InlineData("DayOfWeek.Fri|", "Friday", "field")]
    [InlineData("numbers.Where(n => n.Com|", "CompareTo", "function")]
    [InlineData("numbers.Select(n => new { Half = n / 2 }).Select(p => p.Ha|", "Half", "property")]
    [InlineData("foreach (var one in text.Split(',')) { one.Tri|", "Trim", "function")]
    [InlineData("Double(|", "amount:", "parameter")]
    [InlineData("Double(amount: 1, |", "scale:", "parameter")]
    [InlineData("new Point(|", "X:", "parameter")]
    [InlineData("new Point(1, 2) with { |", "Y", "property")]
    [InlineData("var b = new StringBuilder { Cap|", "Capacity", "property")]
    [InlineData("$\"{text.Len|}\"", "Length", "property")]
    [InlineData("$\"{text.Len|", "Length", "property")]
    [InlineData("int local = 1; { int inner = 2; inn|", "inner", "variable")]
    [InlineData("later().Len|;\nstring later() => \"\";", "Length", "property")]
    [InlineData("whi|", "while", "keyword")]
    [InlineData("displ|", "display", "function")]
    [InlineData("alpha.Displ|", "Display", "function")]
    [InlineData("#!time\nalp|", "alpha", "variable")]
    [InlineData("if (alpha > 0) { foo(((alp|", "alpha", "variable")]
    [InlineData("class A { int beta; int F() => bet|", "beta", "field")]
    [InlineData("@eve|", "@event", "variable")]
    [InlineData("Double(|)", "alpha", "variable")]
    [InlineData("FlowKit.Models.RealN|", "RealNvp", "class")]
    [InlineData("nothingKnown.Len|", null, null)]
    public void Code_offers(string code, string? match, string? type)
    {
        using var session = Session();
        var found = session.Complete(code);
        if (match is null) Assert.Empty(found.Matches);
        else Assert.Equal(type, found.Types.ElementAtOrDefault(found.Matches.ToList().IndexOf(match)));
    }

    [Theory]
    [InlineData("\"alp|\"")]
    [InlineData("\"alp|")]
    [InlineData("@\"alp|")]
    [InlineData("\"\"\"\nalp|\n\"\"\"")]
    [InlineData("$\"alp|")]
    [InlineData("$\"{alpha} alp|\"")]
    [InlineData("// alp|")]
    [InlineData("/* alp| */")]
    [InlineData("/* alp|")]
    [InlineData("'a|'")]
    [InlineData("12|")]
    [InlineData("1.5|")]
    [InlineData("#if alp|")]
    public void Text_offers_nothing(string code)
    {
        using var session = Session();
        Assert.Empty(session.Complete(code).Matches);
    }

    [Theory]
    [InlineData("text.Len|gth", 5, 11)]
    [InlineData("x = alp|", 4, 7)]
    [InlineData("text.|", 5, 5)]
    [InlineData("😀alp|", 2, 5)]
    public void The_whole_name_is_replaced(string code, int start, int end)
    {
        using var session = Session();
        var found = session.Complete(code);
        Assert.Equal((start, end), (found.Start, found.End));
    }

    [Fact]
    public void A_bare_cursor_offers_the_notebooks_own_names_only()
    {
        using var session = Session();
        Assert.Equal(["@event", "alpha", "Double", "numbers", "Point", "text"], session.Complete("|").Matches);
    }

    [Fact]
    public void What_is_spelt_as_typed_and_the_notebooks_own_come_first()
    {
        using var session = Session();
        Assert.True(session.Run("int console = 1; int Contents = 2;") == CellStatus.Ok);
        Assert.Equal("console", session.Complete("con|").Matches[0]);
        Assert.Equal("Contents", session.Complete("Con|").Matches[0]);
    }

    [Fact]
    public void Magics_and_the_files_they_name_are_offered()
    {
        work.Write("setup.cs", "");
        work.Write("other.ipynb", "");
        work.Write("old.dib", "");
        work.Write("data.csv", "");
        work.Write("lib.dll", "");
        Directory.CreateDirectory(work["parts"]);
        work.Write("parts/one.cs", "");
        using var session = new InsightSession(work.Folder);

        Assert.Equal(["#!import"], session.Complete("#!im|").Matches);
        Assert.Equal(["#!import", "#!time", "#!csharp", "#!markdown", "#!html"], session.Complete("1\n#!|").Matches);
        Assert.Equal(["old.dib", "other.ipynb", "setup.cs", "parts/"], session.Complete("#!import |").Matches);
        Assert.Equal(["one.cs"], session.Complete("#!import \"parts/o|").Matches);
        Assert.Equal(["lib.dll", "parts/"], session.Complete("#r \"|").Matches);
        Assert.Empty(session.Complete("#!import nowhere/|").Matches);
    }

    [Fact]
    public void Broken_code_is_no_reason_to_fail()
    {
        using var session = Session();
        var pieces = Gen.OneOf<string>([.. new[] { "text", ".", "(", ")", "{", "}", "\"", "$\"{", "//", "/*", "\n", "#!", "#r ", "alpha", "=>", "new ", "<", "=", "using ", "class ", "\ud83d", "\0", "@", "?", ",", "1", ":", "'" }.Select(Gen.Const)]);
        Gen.Select(pieces.Array[0, 12].Select(string.Concat), Gen.Int[0, 40]).Sample((code, cursor) =>
        {
            cursor = Math.Min(cursor, code.Length);
            var found = session.Complete(code.Insert(cursor, "|"));
            session.Inspect(code.Insert(cursor, "|"));
            return found.Start <= cursor && cursor <= found.End && found.End <= code.Length && Enum.IsDefined(session.Insight.IsComplete(code).Status);
        }, iter: 300, threads: 1);
    }

    [Fact]
    public void Questions_leave_the_session_as_it_was()
    {
        using var session = Session();
        session.Complete("int alpha = 7; class Gone { } alp|");
        session.Inspect("alp|ha = 9");
        Assert.Equal(CellStatus.Failed, session.Run("new Gone()"));
        Assert.Equal(CellStatus.Ok, session.Run("if (alpha != 3) throw new Exception();"));
    }

    [Fact]
    public async Task A_running_cell_does_not_hold_up_the_answer()
    {
        using var session = Session();
        using var gate = new ManualResetEventSlim();
        AppDomain.CurrentDomain.SetData("gate", gate);
        var cell = Task.Run(() => session.Run("((ManualResetEventSlim)AppDomain.CurrentDomain.GetData(\"gate\")).Wait();"), TestContext.Current.CancellationToken);
        Assert.Contains("alpha", session.Complete("alp|").Matches);
        Assert.Contains("int alpha = 3", session.Inspect("alp|ha")!.Text);
        Assert.False(cell.IsCompleted);
        gate.Set();
        Assert.Equal(CellStatus.Ok, await cell);
    }

    [Fact]
    public void Answers_come_while_one_types()
    {
        using var session = Session();
        session.Complete("text.Sel|");
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < 10; i++) session.Complete("numbers.Where(n => n > 1).Sel|");
        Assert.InRange(clock.ElapsedMilliseconds / 10, 0, 500);         // 20 ms on an idle machine
    }

    private InsightSession Session() => new(work.Folder,
        "using System.Text;\nint alpha = 3; string text = \"abc\"; var numbers = new List<int> { 1, 2 };",
        "double Double(double amount, int scale = 2) => scale * amount; record Point(int X, int Y); int @event = 1;");
}
