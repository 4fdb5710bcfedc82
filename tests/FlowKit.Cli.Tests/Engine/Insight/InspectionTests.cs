namespace FlowKit.Cli.Tests;

public sealed class InspectionTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Theory]
    [InlineData("alp|ha", "int alpha = 3")]
    [InlineData("alpha|", "int alpha = 3")]
    [InlineData("text|", "string text = \"abc\"")]
    [InlineData("numbers|", "List<int> numbers = 2 elements")]
    [InlineData("int al|pha = 4;", "int alpha = 3")]
    [InlineData("Double|(1)", "double Double(double amount, int scale = 2)\n\nTwice as much.\n\nParameters:\n  amount: Of what.\n  scale: How often, see Point.\n\nReturns:\n  More.")]
    [InlineData("Double(1, |)", "double Double(double amount, int scale = 2)\n\nTwice")]
    [InlineData("Double(\"a|\")", "double Double(")]
    [InlineData("Poi|nt", "record Point")]
    [InlineData("new Point(|", "Point(int X, int Y)")]
    [InlineData("Math.A|bs(1.5)", "double Math.Abs(double value)")]
    [InlineData("Math.A|bs(1.5)", "Returns the absolute value of a double-precision floating-point number.")]
    [InlineData("numbers.Fir|st()", "int IEnumerable<int>.First<int>()")]
    [InlineData("numbers.Fir|st()", "Returns the first element of a sequence.")]
    [InlineData("List<in|t> x;", "struct System.Int32")]
    [InlineData("new StringBuil|der()", "class System.Text.StringBuilder")]
    [InlineData("numbers.Cou|nt", "int List<int>.Count { get; }")]
    [InlineData("FlowKit.Models.RealN|vp", "class FlowKit.Models.RealNvp")]
    [InlineData("new Doc().R|un()", "Runs, says the base.")]
    public void A_name_is_told_with_its_signature_and_documentation(string code, string expected)
    {
        using var session = Session();
        Assert.Contains(expected, session.Inspect(code)?.Text ?? "nothing");
    }

    [Theory]
    [InlineData("|")]
    [InlineData("1 + |2")]
    [InlineData("noth|ing")]
    [InlineData("\"alp|ha\"")]
    [InlineData("// alp|ha")]
    [InlineData("wh|ile (true) { }")]
    public void Where_nothing_is_known_nothing_is_said(string code)
    {
        using var session = Session();
        Assert.Null(session.Inspect(code));
    }

    [Fact]
    public void The_library_documents_itself()
    {
        using var session = Session();
        string text = session.Inspect("FlowKit.Models.RealNvp.Cre|ate(")!.Text;
        Assert.Contains("Flow RealNvp.Create(", text);
        Assert.Contains("Parameters:", text);
    }

    [Fact]
    public void Html_is_escaped()
    {
        using var session = Session();
        string html = session.Inspect("num|bers")!.Html;
        Assert.Equal("<pre>List&lt;int&gt; numbers = 2 elements</pre>", html);
    }

    [Fact]
    public void A_value_that_takes_code_to_read_is_not_read()
    {
        using var session = Session();
        session.Run("class Loud { public override string ToString() => throw new Exception(); } var loud = new Loud();");
        Assert.Equal("Loud loud", session.Inspect("lo|ud")!.Text);
    }

    private InsightSession Session() => new(work.Folder,
        "using System.Text;\nint alpha = 3; string text = \"abc\"; var numbers = new List<int> { 1, 2 };",
        """
        /// <summary>Twice
        /// as much.</summary>
        /// <param name="amount">Of what.</param>
        /// <param name="scale">How often, see <see cref="Point"/>.</param>
        /// <returns>More.</returns>
        double Double(double amount, int scale = 2) => scale * amount;
        record Point(int X, int Y);
        abstract class Page { /// <summary>Runs, says the base.</summary>
            public abstract void Run(); }
        class Doc : Page { public override void Run() { } }
        """);
}
