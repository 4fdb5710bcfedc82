using FlowKit.Distributions;
using FlowKit.Inference;

namespace FlowKit.Tests.Inference;

public sealed class SimulationCacheTests : IDisposable
{
    private const int Rows = 60, Chunk = 10;

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_file_cut_off_anywhere_loses_the_chunk_that_was_cut_and_no_other()
    {
        var whole = Written();
        byte[] bytes = File.ReadAllBytes(scratch["cache"]);
        // Head, then six records of equal length.
        int record = Array.IndexOf(bytes, (byte)'+', Array.IndexOf(bytes, (byte)'+') + 1) - Array.IndexOf(bytes, (byte)'+');
        int head = bytes.Length - Rows / Chunk * record;
        Assert.Equal(16 + Chunk * (4 * 8 + 1) + 16, record);
        var cuts = Enumerable.Range(0, 23).Select(i => i * 5).Concat([head - 1, head]).Concat(Enumerable.Range(0, 60).Select(i => head + 1 + i * (bytes.Length - head - 2) / 59));
        foreach (int cut in cuts.Where(cut => cut < bytes.Length))
        {
            File.WriteAllBytes(scratch["cut"], bytes[..cut]);
            int calls = 0;
            var again = SimulationTests.Noisy(_ => calls++).Simulate(Rows, Options("cut"));
            int kept = cut < head ? 0 : (cut - head) / record * Chunk;
            Assert.Equal((kept, Rows - kept), (again.FromCache, calls));
            SimulationTests.AssertSame(whole, again, Rows);
            Assert.Equal(bytes, File.ReadAllBytes(scratch["cut"]));
        }
    }

    [Fact]
    public void A_damaged_byte_costs_the_chunk_it_is_in()
    {
        var whole = Written();
        byte[] bytes = File.ReadAllBytes(scratch["cache"]);
        int first = Array.IndexOf(bytes, (byte)'+') - 3;
        var random = new Random(1);
        foreach (int at in Enumerable.Range(0, 40).Select(_ => random.Next(first, bytes.Length)))
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x40;
            File.WriteAllBytes(scratch["damaged"], damaged);
            var again = SimulationTests.Noisy().Simulate(Rows, Options("damaged"));
            Assert.Equal(Rows - Chunk, again.FromCache);
            SimulationTests.AssertSame(whole, again, Rows);
            Assert.Equal(Rows, SimulationTests.Noisy().Simulate(Rows, Options("damaged")).FromCache);
        }
    }

    [Fact]
    public void A_cache_of_another_problem_is_refused_and_left_as_it_is()
    {
        Written();
        byte[] bytes = File.ReadAllBytes(scratch["cache"]);
        Refused("problem is 'noisy' there and 'quiet' here", () => SimulationTests.Noisy(name: "quiet").Simulate(Rows, Options("cache")));
        Refused("seed is 0 there and 1 here", () => SimulationTests.Noisy().Simulate(Rows, Options("cache") with { Seed = 1 }));
        Refused("number of parameters is 2 there and 3 here", () => SimulationTests.Noisy(features: 3).Simulate(Rows, Options("cache")));
        var wider = InverseProblem.FromSimulator(new Normal().Fixed(zeros(2), full(2, 1.1)), (x, _) => [x[0], 0], "noisy");
        Refused("the prior drew", () => wider.Simulate(Rows, Options("cache")));
        Refused("the prior drew", () => wider.Simulate(Rows * 2, Options("cache")));
        Assert.Equal(bytes, File.ReadAllBytes(scratch["cache"]));

        // Of a simulator that has changed the numbers, the rows are there and the new ones fail.
        var three = InverseProblem.FromSimulator(new StandardNormal(2), (x, _) => [x[0], 0, 0], "noisy");
        Assert.Contains("y has 3 numbers; expected 2", Assert.Throws<SimulationException>(() => three.Simulate(Rows * 2, Options("cache"))).Message);

        File.WriteAllText(scratch["text"], "id,x,y\n1,2,3\n");
        Refused("is no cache of simulations", () => SimulationTests.Noisy().Simulate(Rows, Options("text")));
        bytes[30] ^= 1;
        File.WriteAllBytes(scratch["head"], bytes);
        Refused("damaged head", () => SimulationTests.Noisy().Simulate(Rows, Options("head")));
        Assert.Equal(bytes, File.ReadAllBytes(scratch["head"]));

        static void Refused(string why, Func<object> run) => Assert.Contains(why, Assert.Throws<SimulationException>(run).Message);
    }

    [Fact]
    public void A_cache_that_cannot_be_opened_or_written_is_an_error_that_names_it()
    {
        Directory.CreateDirectory(scratch["folder"]);
        Assert.Contains(scratch["folder"], Assert.Throws<SimulationException>(() => SimulationTests.Noisy().Simulate(Rows, Options("folder"))).Message);
        using (File.Open(scratch["cache"], FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            Assert.Contains("cannot be opened", Assert.Throws<SimulationException>(() => SimulationTests.Noisy().Simulate(Rows, Options("cache"))).Message);
        Assert.Equal(Rows, SimulationTests.Noisy().Simulate(Rows, Options(Path.Combine("new", "folder", "cache"))).Count);
    }

    [Fact]
    public void A_full_disk_is_an_error_and_the_rows_before_it_are_there_afterwards()
    {
        using var disk = new SmallDisk(64 << 10);
        var options = new SimulationOptions { Cache = disk["cache"], Chunk = Chunk, Threads = 2 };
        Assert.Contains("cannot be written", Assert.Throws<SimulationException>(() => SimulationTests.Noisy().Simulate(5000, options)).Message);
        File.Copy(disk["cache"], scratch["copy"]);
        var all = SimulationTests.Noisy().Simulate(5000, options with { Cache = scratch["copy"] });
        Assert.InRange(all.FromCache, 1000, 2000);
        SimulationTests.AssertSame(SimulationTests.Noisy().Simulate(5000), all, 5000);
    }

    private SimulationOptions Options(string file) => new() { Cache = scratch[file], Chunk = Chunk, Threads = 1 };

    private Simulations Written() => SimulationTests.Noisy().Simulate(Rows, Options("cache"));
}
