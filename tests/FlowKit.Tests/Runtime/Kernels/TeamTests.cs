using System.Runtime.InteropServices;

namespace FlowKit.Tests.Runtime.Kernels;

public class TeamTests
{
    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(7, 1)]
    [InlineData(7, 2)]
    [InlineData(1000, 2)]
    [InlineData(5, 3)]
    [InlineData(2, 8)]
    public void Every_part_is_done_once(int parts, int threads)
    {
        for (int round = 0; round < 20; round++)
        {
            int[] times = new int[parts];
            Team.Run(parts, part => Interlocked.Increment(ref times[part]), threads);
            Assert.All(times, done => Assert.Equal(1, done));
        }
    }

    [Fact]
    public void It_is_libtorchs_own_team_on_x64_linux()
    {
        using var loaded = zeros(1, dtype: ScalarType.Float32, device: CPU);
        Assert.Equal(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, Team.IsShared);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_exception_reaches_the_caller_with_its_stack_and_the_team_goes_on(int threads)
    {
        for (int round = 0; round < 5; round++)
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => Team.Run(10, part => Fail(part), threads));
            Assert.Equal("part 3", thrown.Message);
            Assert.Contains(nameof(Fail), thrown.StackTrace, StringComparison.Ordinal);
            Every_part_is_done_once(4, threads);
        }

        static void Fail(int part)
        {
            if (part == 3) throw new InvalidOperationException($"part {part}");
        }
    }

    [Fact]
    public void A_call_inside_a_part_stays_on_its_thread()
    {
        int[] times = new int[6 * 5];
        Team.Run(6, outer =>
        {
            int thread = Environment.CurrentManagedThreadId;
            Team.Run(5, inner =>
            {
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                Interlocked.Increment(ref times[5 * outer + inner]);
            }, threads: 2);
        }, threads: 2);
        Assert.All(times, done => Assert.Equal(1, done));
    }

    [Fact]
    public void Threads_may_call_it_at_the_same_time()
    {
        int[] times = new int[2 * 500];
        Parallel.For(0, 2, caller =>
        {
            for (int round = 0; round < 10; round++) Team.Run(50, part => Interlocked.Increment(ref times[500 * caller + 50 * round + part]), threads: 2);
        });
        Assert.All(times, done => Assert.Equal(1, done));
    }

    [Fact]
    public void Two_threads_take_part()
    {
        // Each of two parts waits for the other.
        using var both = new Barrier(2);
        Team.Run(2, _ => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(20))), threads: 2);
    }
}
