namespace FlowKit.Cli;

/// <summary>Sets environment variables for a while and restores them afterwards.</summary>
internal sealed class RunEnvironment : IDisposable
{
    private readonly List<(string Variable, string? Value)> before = [];

    /// <summary>Sets them; null leaves a variable as it is.</summary>
    public RunEnvironment(IEnumerable<(string Variable, string? Value)> settings)
    {
        foreach (var (variable, value) in settings)
        {
            if (value is null) continue;
            before.Add((variable, Environment.GetEnvironmentVariable(variable)));
            Environment.SetEnvironmentVariable(variable, value);
        }
    }

    /// <summary>Restores them.</summary>
    public void Dispose() => before.ForEach(setting => Environment.SetEnvironmentVariable(setting.Variable, setting.Value));
}
