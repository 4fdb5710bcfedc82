using FlowKit.Training;

namespace FlowKit.Tests.Training;

public sealed class HostCheckpointTests : IDisposable
{
    private readonly Scratch scratch = new();

    public HostCheckpointTests() => Environment.SetEnvironmentVariable(HostCheckpoints.Variable, scratch["kept"]);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(HostCheckpoints.Variable, null);
        scratch.Dispose();
    }

    [Fact]
    public void Each_training_of_a_name_has_a_file_of_its_own()
    {
        Assert.Equal([scratch["kept/a-b.safetensors"], scratch["kept/a-b.2.safetensors"], scratch["kept/c.safetensors"], scratch["kept/training.safetensors"]],
            new[] { "A: b", "a b", "c", "!" }.Select(name => HostCheckpoints.Next(name)!.Path));
        Environment.SetEnvironmentVariable(HostCheckpoints.Variable, null);
        Assert.Null(HostCheckpoints.Next("c"));
    }
}
