using System.Collections.Concurrent;
using System.Diagnostics;

namespace FlowKit.Tests;

/// <summary>Work that moves a clock of its own: as many milliseconds a row as is told for the threads it finds.</summary>
public sealed class ThreadChoicesTests : IDisposable
{
    private readonly int before = FlowKit.Runtime.Threads;
    private readonly ThreadChoices choices;
    private readonly List<int> seen = [];
    private double withMany = 0.5, millisecond = Stopwatch.Frequency / 1000.0;
    private long now;
    private int looks;

    public ThreadChoicesTests()
    {
        FlowKit.Runtime.Threads = 3;
        choices = new(() =>
        {
            looks++;
            return now;
        });
    }

    public void Dispose() => FlowKit.Runtime.Threads = before;

    [Fact]
    public void The_count_that_is_faster_is_taken_and_the_caller_keeps_its_own()
    {
        Calls(100);
        Assert.Equal([1, 3], seen.Distinct().Order());
        Assert.True(seen[^50..].Count(threads => threads == 3) > 44);
        withMany = 1.5;
        seen.Clear();
        Calls(100);
        Assert.True(seen[^50..].Count(threads => threads == 1) > 44);
        Assert.Equal(3, FlowKit.Runtime.Threads);
    }

    [Fact]
    public void Each_operation_and_each_size_has_its_own_choice()
    {
        Calls(100);
        withMany = 2;
        for (int i = 0; i < 60; i++) choices.Run(RowWork.Sample, 0, 100, Compute);
        for (int i = 0; i < 60; i++) choices.Run(RowWork.LogProb, 0, 10, Compute);
        withMany = 0.5;
        seen.Clear();
        choices.Run(RowWork.LogProb, 0, 100, Compute);
        choices.Run(RowWork.Sample, 0, 100, Compute);
        choices.Run(RowWork.LogProb, 0, 10, Compute);
        Assert.Equal([3, 1, 1], seen);
    }

    [Fact]
    public void Larger_batches_start_where_smaller_ones_have_come()
    {
        Calls(100);
        seen.Clear();
        choices.Run(RowWork.LogProb, 0, 5000, Compute);
        Assert.Equal([3], seen);
    }

    [Fact]
    public void With_one_thread_nothing_is_measured()
    {
        FlowKit.Runtime.Threads = 1;
        Calls(20);
        Assert.Equal((0, 1), (looks, seen.Distinct().Single()));
    }

    [Fact]
    public void Fewer_threads_than_before_are_measured_anew()
    {
        Calls(100);
        FlowKit.Runtime.Threads = 2;
        seen.Clear();
        Calls(100);
        Assert.Equal([1, 2], seen.Distinct().Order());
    }

    [Fact]
    public void Calls_within_calls_take_what_they_are_given()
    {
        using var outer = NativeMemory.Enter();
        using var inner = NativeMemory.Enter();
        Calls(20);
        Assert.Equal((0, 3), (looks, seen.Distinct().Single()));
    }

    [Fact]
    public void A_failure_leaves_the_caller_its_count_and_the_next_call_its_measurement()
    {
        for (int i = 0; i < 10; i++)
        {
            Assert.Throws<InvalidOperationException>(() => choices.Run<int>(RowWork.LogProb, 0, 100, (_, _) => throw new InvalidOperationException()));
            Assert.Equal(3, FlowKit.Runtime.Threads);
        }
        Calls(100);
        Assert.Equal(3, seen[^2]);
    }

    [Fact]
    public void Short_calls_take_one_thread()
    {
        millisecond = Stopwatch.Frequency * 4e-7;          // 100 rows take 40 microseconds
        for (int i = 0; i < 50; i++)
        {
            choices.Run(RowWork.LogProb, 0, 100, (start, rows) =>
            {
                Assert.Single(Members(milliseconds: 2));
                return Compute(start, rows);
            });
        }
        Assert.Equal(3, FlowKit.Runtime.Threads);
        Assert.True(Members(milliseconds: 5000).Count > 1); // afterwards the team serves again
    }

    [Fact]
    public void A_look_that_has_lost_goes_on_alone()
    {
        withMany = 5;
        Calls(20);
        var members = new List<int>();
        for (int i = 0; i < 400; i++)
        {
            choices.Run(RowWork.LogProb, 0, 100, (start, rows) =>
            {
                int threads = Compute(start, rows);
                if (threads == 1) return threads;
                int first = Members(milliseconds: 5000).Count;
                long until = Stopwatch.GetTimestamp() + (long)(1.6 * rows * millisecond);
                while (Stopwatch.GetTimestamp() < until) Thread.SpinWait(10);
                members.AddRange(first, Members(milliseconds: 20).Count);
                return threads;
            });
        }
        Assert.NotEmpty(members);
        Assert.All(members.Where((_, i) => i % 2 == 0), count => Assert.True(count > 1));
        Assert.All(members.Where((_, i) => i % 2 == 1), count => Assert.Equal(1, count));
    }

    [Fact]
    public void Calls_of_several_threads_at_once_keep_to_their_own()
    {
        Calls(100);
        var counts = new int[4];
        Parallel.For(0, counts.Length, new() { MaxDegreeOfParallelism = counts.Length }, i =>
        {
            int own = get_num_threads();
            set_num_threads(2 + i);
            for (int call = 0; call < 200; call++) counts[i] += choices.Run(RowWork.LogProb, 0, 100, (_, _) => get_num_threads() is var found && (found == 1 || found == 2 + i) ? 1 : 0);
            counts[i] += get_num_threads() == 2 + i ? 0 : 1000;
            set_num_threads(own);
        });
        Assert.All(counts, count => Assert.Equal(200, count));
    }

    private void Calls(int count)
    {
        for (int i = 0; i < count; i++) choices.Run(RowWork.LogProb, 0, 100, Compute);
    }

    // The threads on which two parts run that wait for each other.
    private static HashSet<int> Members(int milliseconds)
    {
        var members = new ConcurrentDictionary<int, bool>();
        Team.Run(2, _ =>
        {
            members[Environment.CurrentManagedThreadId] = true;
            SpinWait.SpinUntil(() => members.Count > 1, milliseconds);
        }, FlowKit.Runtime.Threads);
        return [.. members.Keys];
    }

    private int Compute(long start, long rows)
    {
        int threads = get_num_threads();
        seen.Add(threads);
        now += (long)(rows * millisecond * (threads == 1 ? 1 : withMany));
        return threads;
    }
}
