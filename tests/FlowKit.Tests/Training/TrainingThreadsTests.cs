using FlowKit.Training;

namespace FlowKit.Tests.Training;

/// <summary>Steps that move a clock of their own: 100 ticks on one thread, as many as is told on three.</summary>
public sealed class TrainingThreadsTests : IDisposable
{
    private readonly int before = FlowKit.Runtime.Threads;
    private int withMany = 60;
    private long now;

    public TrainingThreadsTests() => FlowKit.Runtime.Threads = 3;

    public void Dispose() => FlowKit.Runtime.Threads = before;

    [Fact]
    public void A_training_follows_what_the_machine_does()
    {
        using var threads = new TrainingThreads(null, 1000, once: false, () => now);
        Assert.Equal(3, Steps(threads, 60)[^1]);
        withMany = 300;
        Assert.Equal(1, Steps(threads, 50)[^1]);
        withMany = 60;
        Assert.Equal(3, Steps(threads, 110)[^1]);
        Assert.Null(threads.Chosen);
    }

    [Fact]
    public void One_that_keeps_checkpoints_chooses_once()
    {
        using var threads = new TrainingThreads(null, 1000, once: true, () => now);
        Steps(threads, TrainingThreads.Trial - 1);
        Assert.Null(threads.Chosen);
        Steps(threads, 1);
        Assert.Equal(3, threads.Chosen);
        withMany = 300;
        Assert.Equal([3], Steps(threads, 200).Distinct());
    }

    [Theory]
    [InlineData(1, 1000, 1)]
    [InlineData(2, 1000, 2)]
    [InlineData(null, 50, 3)]
    public void A_fixed_number_and_that_of_a_short_training_stay(int? given, int steps, int expected)
    {
        using (var threads = new TrainingThreads(given, steps, once: false, () => now))
        {
            Assert.Equal(expected, threads.Chosen);
            Assert.Equal([expected], Steps(threads, 40).Distinct());
        }
        Assert.Equal(3, FlowKit.Runtime.Threads);
    }

    [Fact]
    public void The_callers_own_number_is_the_most()
    {
        FlowKit.Runtime.Threads = 1;
        using var threads = new TrainingThreads(null, 1000, once: false, () => now);
        Assert.Equal((1, 1), (threads.Chosen, Steps(threads, 40).Distinct().Single()));
    }

    private List<int> Steps(TrainingThreads threads, int count)
    {
        var seen = new List<int>();
        for (int i = 0; i < count; i++)
        {
            threads.BeforeStep();
            seen.Add(FlowKit.Runtime.Threads);
            now += seen[^1] == 1 ? 100 : withMany;
            threads.AfterStep();
        }
        return [.. seen[..^1], FlowKit.Runtime.Threads];                      // between two steps, those of the better choice
    }
}
