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
        var steps = new List<int>();
        while (kills < Kills)
        {
            using var child = KilledTraining.Start(scratch["checkpoint"], scratch["weights"]);
            string? first = child.StandardOutput.ReadLine();
            if (first is not null) steps.Add(int.Parse(first));
            if (first is not null && !child.WaitForExit(random.Next(200)))
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
        Assert.Contains(steps, step => step > 0);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {finished} runs to the end between them; steps at the starts: {string.Join(", ", steps)}");

        void Compare() => Assert.Equal(whole, File.ReadAllBytes(scratch["weights"]));
    }

    private static void RunToEnd(string checkpoint, string weights)
    {
        using var child = KilledTraining.Start(checkpoint, weights);
        string error = child.StandardError.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == 0, error);
    }

    private static void AssertReadable(string path)
    {
        using var scope = NewDisposeScope();
        Assert.NotEmpty(SafeTensors.Read(path));
    }
}
