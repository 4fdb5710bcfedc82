namespace FlowKit.Tests;

/// <summary>Simulated calls: one thread takes 1, many take what is told; nothing is timed.</summary>
public class ThreadChoiceTests
{
    private readonly ThreadChoice choice = new(most: 2);
    private readonly Random random = new(1);

    [Theory]
    [InlineData(0.55, true)]
    [InlineData(0.9, true)]
    [InlineData(1, false)]
    [InlineData(1.5, false)]
    [InlineData(5, false)]
    public void It_settles_on_the_faster_count(double many, bool expected)
    {
        Calls(40, many);
        Assert.Equal(expected, choice.UsesMany);
        var (_, withMany) = Calls(1000, many);
        Assert.InRange(withMany, expected ? 940 : 0, expected ? 1000 : 60);
    }

    [Theory]
    [InlineData(0.55)]
    [InlineData(0.98)]
    [InlineData(1.02)]
    [InlineData(1.2)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(30)]
    public void It_never_takes_five_percent_more_than_one_thread(double many) => Assert.InRange(Calls(2000, many).Time, 0, 2000 * 1.05);

    [Theory]
    [InlineData(1.1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Nor_where_times_scatter_by_a_tenth(double many) => Assert.InRange(Calls(5000, many, noise: 0.1).Time, 0, 5000 * 1.05);

    [Fact]
    public void Nor_where_a_look_takes_as_long_as_300_calls() => Assert.InRange(Calls(20_000, 300).Time, 0, 20_000 * 1.05);

    [Theory]
    [InlineData(0.55)]
    [InlineData(0.8)]
    public void It_loses_little_of_what_many_threads_gain(double many) => Assert.InRange(Calls(2000, many).Time, 0, 2000 * many * 1.06);

    [Theory]
    [InlineData(1.2)]
    [InlineData(5)]
    [InlineData(20)]
    public void A_busy_process_that_starts_later_is_noticed_within_50_calls(double many)
    {
        Calls(1000, 0.55);
        Assert.True(choice.UsesMany);
        Calls(50, many);
        Assert.False(choice.UsesMany);
    }

    [Theory]
    [InlineData(1.5, 50)]
    [InlineData(2.5, 90)]
    [InlineData(5, 220)]           // a look takes as long as four calls more, unless it ends before
    public void So_is_its_end_as_soon_as_looking_may_cost_that_much(double many, int calls)
    {
        for (int wait = 0; wait < 20; wait++)
        {
            var fresh = new ThreadChoiceTests();
            fresh.Calls(400 + wait, many);
            fresh.Calls(calls, 0.55);
            Assert.True(fresh.choice.UsesMany);
        }
    }

    [Fact]
    public void Single_calls_that_take_long_change_nothing()
    {
        for (int i = 0; i < 500; i++)
        {
            bool withMany = choice.Next();
            choice.Record(withMany, (withMany ? 0.6 : 1) * (i % 7 == 3 ? 30 : 1));
            if (i >= 60) Assert.True(choice.UsesMany);
        }
    }

    [Fact]
    public void First_calls_that_prepare_something_are_not_counted()
    {
        bool[] seen = [false, false];
        for (int i = 0; i < 100; i++)
        {
            bool withMany = choice.Next();
            choice.Record(withMany, seen[withMany ? 1 : 0] ? withMany ? 0.6 : 1 : 4);
            seen[withMany ? 1 : 0] = true;
        }
        Assert.True(choice.UsesMany);
    }

    [Fact]
    public void Short_calls_take_one_thread_until_they_grow_longer()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.False(choice.Next());
            choice.Record(withMany: false, 1, isSmall: true);
        }
        Calls(60, 0.5);
        Assert.True(choice.UsesMany);
    }

    [Fact]
    public void What_starts_with_many_threads_looks_at_one()
    {
        var large = new ThreadChoice(2, startsWithMany: true);
        Assert.True(large.Next());
        for (int i = 0; i < 60; i++)
        {
            bool withMany = large.Next();
            large.Record(withMany, withMany ? 3 : 1);
        }
        Assert.False(large.UsesMany);
    }

    // Total time, and how many calls took many threads.
    private (double Time, int WithMany) Calls(int count, double many, double noise = 0)
    {
        var (time, withMany) = (0.0, 0);
        for (int i = 0; i < count; i++)
        {
            bool takesMany = choice.Next();
            double scatter = 1 + noise * (2 * random.NextDouble() - 1) * Math.Sqrt(3);
            choice.Record(takesMany, (takesMany ? many : 1) * scatter);
            (time, withMany) = (time + (takesMany ? many : 1), withMany + (takesMany ? 1 : 0));
        }
        return (time, withMany);
    }
}
