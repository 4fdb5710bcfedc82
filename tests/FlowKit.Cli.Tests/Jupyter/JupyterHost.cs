using FlowKit.Tests;

namespace FlowKit.Cli.Tests.Jupyter;

/// <summary>Jupyter's own programs, with FlowKit's kernel installed under the name flowkit-under-test.</summary>
public sealed class JupyterHost : JupyterFolder
{
    public const string Kernel = "flowkit-under-test";

    private readonly Dictionary<string, string> ran = [];

    public JupyterHost()
    {
        if (IsThere) Installed = Run("dotnet", typeof(CommandLine).Assembly.Location, "kernel", "install", "--name", Kernel);
    }

    /// <summary>What 'kernel install' printed.</summary>
    public string Installed { get; } = "";

    /// <summary>What a script beside these tests printed; it runs once.</summary>
    public string Script(string name)
    {
        Require();
        lock (ran)
        {
            if (!ran.TryGetValue(name, out string? text)) ran[name] = text = RunPython(Path.Combine(AppContext.BaseDirectory, "Jupyter", name), "-v");
            return text;
        }
    }
}
