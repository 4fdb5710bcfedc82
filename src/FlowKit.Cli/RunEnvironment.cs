namespace FlowKit.Cli;

/// <summary>The environment variables of a run, as they were again afterwards.</summary>
internal sealed class RunEnvironment : IDisposable
{
    private readonly List<(string Variable, string? Value)> before = [];

    public RunEnvironment(RunOptions options)
    {
        foreach (var (variable, value) in options.Environment)
        {
            if (value is null) continue;
            before.Add((variable, Environment.GetEnvironmentVariable(variable)));
            Environment.SetEnvironmentVariable(variable, value);
        }
    }

    /// <summary>Restores them.</summary>
    public void Dispose() => before.ForEach(setting => Environment.SetEnvironmentVariable(setting.Variable, setting.Value));
}
