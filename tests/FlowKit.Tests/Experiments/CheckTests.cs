using FlowKit.Experiments;

namespace FlowKit.Tests.Experiments;

/// <summary>Statements that a notebook checks where they stand.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly TextWriter console = Console.Out;
    private readonly StringWriter printed = new() { NewLine = "\n" };
    private readonly Experiment experiment = Experiment.Start("checks");

    public CheckTests() => Console.SetOut(printed);

    public void Dispose()
    {
        Console.SetOut(console);
        printed.Dispose();
    }

    [Fact]
    public void What_holds_is_printed_with_a_tick_and_counted()
    {
        experiment.Check("2 + 2 = 4", true);
        experiment.Check("a third", 1.0 / 3, truth: 0.333, tolerance: 1e-3);
        Assert.Equal("✓ 2 + 2 = 4\n✓ a third: 0.3333333333\n", printed.ToString());
        Assert.Equal(2, experiment.ChecksPassed);
    }

    [Fact]
    public void What_does_not_hold_ends_the_cell_with_the_statement_and_both_numbers()
    {
        Assert.Equal("This does not hold: 2 + 2 = 5", Assert.Throws<InvalidOperationException>(() => experiment.Check("2 + 2 = 5", false)).Message);
        Assert.Equal("This does not hold: half: 0.4, where 0.5 ± 0.01 is true.", Assert.Throws<InvalidOperationException>(() => experiment.Check("half", 0.4, 0.5, 0.01)).Message);
        Assert.Throws<InvalidOperationException>(() => experiment.Check("not a number", double.NaN, 0, double.MaxValue));
        Assert.Equal((0, ""), (experiment.ChecksPassed, printed.ToString()));
    }

    [Fact]
    public void A_tolerance_is_met_on_its_edge()
    {
        experiment.Check("exactly", 2, 2, tolerance: 0);
        experiment.Check("on the edge", 2.5, 2, tolerance: 0.5);
        Assert.Throws<InvalidOperationException>(() => experiment.Check("beyond", 2.5, 2, tolerance: 0.4999));
    }

    [Fact]
    public void A_refusal_is_printed_with_its_reason_alone()
    {
        experiment.CheckRefused("a negative radius", () => throw new ArgumentOutOfRangeException("radius", -1, "A radius is >= 0; it was -1."));
        Assert.Equal("✓ refused: a negative radius\n    A radius is >= 0; it was -1.\n", printed.ToString());
        Assert.Equal(1, experiment.ChecksPassed);
    }

    [Fact]
    public void A_call_that_goes_through_was_not_refused() =>
        Assert.Equal("This should have been refused: 1 / 1", Assert.Throws<InvalidOperationException>(() => experiment.CheckRefused("1 / 1", () => { })).Message);

    [Fact]
    public void A_fault_is_no_refusal() =>
        Assert.Throws<IndexOutOfRangeException>(() => experiment.CheckRefused("the third of two", () => throw new IndexOutOfRangeException()));

    [Fact]
    public void A_missing_argument_is_named()
    {
        Assert.Throws<ArgumentException>("statement", () => experiment.Check(" ", true));
        Assert.Throws<ArgumentException>("statement", () => experiment.Check("", 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("tolerance", () => experiment.Check("one", 1, 1, -1));
        Assert.Throws<ArgumentNullException>("action", () => experiment.CheckRefused("nothing", null!));
    }
}
