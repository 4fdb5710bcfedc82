using FlowKit.Training;

namespace FlowKit.Tests.Training;

public sealed class KillTests : IDisposable
{
    private const int Kills = 20;

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Killed_at_twenty_random_moments_a_training_ends_with_the_bits_of_one_that_never_was()
    {
        RunToEnd(scratch["whole.checkpoint"], scratch["whole"]);
        byte[] whole = File.ReadAllBytes(scratch["whole"]);
        var random = new Random(1);
        int kills = 0, finished = 0;
        var starts = new List<int>();
        while (kills < Kills)
        {
            using var child = KilledTraining.Start(scratch["checkpoint"], scratch["weights"]);
            string? line = child.StandardOutput.ReadLine();
            if (line is not null) starts.Add(int.Parse(line) - 1);
            for (int more = random.Next(150); line is not null && more > 0; more--) line = child.StandardOutput.ReadLine();
            if (line is not null && !child.WaitForExit(random.Next(5)))        // counted in steps, so that it does not matter how fast they are; the rest falls within one
            {
                child.Kill();
                child.WaitForExit();
                kills++;
                if (File.Exists(scratch["checkpoint"])) AssertReadable(scratch["checkpoint"]);
                continue;
            }
            child.WaitForExit();
            Assert.Equal(0, child.ExitCode);
            Compare();
            File.Delete(scratch["checkpoint"]);
            finished++;
        }
        RunToEnd(scratch["checkpoint"], scratch["weights"]);
        Compare();
        Assert.Contains(starts, step => step > 0);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {finished} runs to the end between them; steps at the starts: {string.Join(", ", starts)}");

        void Compare() => Assert.Equal(whole, File.ReadAllBytes(scratch["weights"]));
    }

    private static void RunToEnd(string checkpoint, string weights)
    {
        using var child = KilledTraining.Start(checkpoint, weights);
        var error = child.StandardError.ReadToEndAsync();
        child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == 0, error.Result);
    }

    private static void AssertReadable(string path)
    {
        using var scope = NewDisposeScope();
        Assert.NotEmpty(SafeTensors.Read(path));
    }
}
