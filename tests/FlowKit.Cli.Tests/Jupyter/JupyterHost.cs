using System.Diagnostics;
using System.Reflection;

namespace FlowKit.Cli.Tests.Jupyter;

/// <summary>Jupyter's own programs, with the kernel installed under the name flowkit-under-test in a folder of their own.</summary>
public sealed class JupyterHost : IDisposable
{
    public const string Kernel = "flowkit-under-test";

    private static readonly string[] debian = ["/usr/bin/python3", "python3"];
    private readonly Dictionary<string, string> ran = [];

    public JupyterHost()
    {
        Directory.CreateDirectory(Folder);
        Python = debian.FirstOrDefault(python => (python[0] != '/' || File.Exists(python)) && Has(python)) ?? "";
        if (Python.Length == 0) return;

        Installed = Run("dotnet", typeof(CommandLine).Assembly.Location, "kernel", "install", "--name", Kernel);
    }

    /// <summary>What 'kernel install' printed.</summary>
    public string Installed { get; } = "";

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"flowkit jupyter {Guid.NewGuid():N}");

    private string Python { get; }

    /// <summary>Skips the test where Jupyter's client is not installed.</summary>
    public void Require() => Assert.SkipUnless(Python.Length > 0, "Needs Jupyter's client and its kernel tests (Debian: jupyter-nbconvert python3-jupyter-client python3-jupyter-kernel-test).");

    /// <summary>What a script beside these tests printed; it runs once.</summary>
    public string Script(string name)
    {
        Require();
        lock (ran)
        {
            if (!ran.TryGetValue(name, out string? text)) ran[name] = text = Run(Python, [Path.Combine(AppContext.BaseDirectory, "Jupyter", name), "-v"]);
            return text;
        }
    }

    /// <summary>What Python printed when it ran with these arguments.</summary>
    public string RunPython(params string[] arguments)
    {
        Require();
        return Run(Python, arguments);
    }

    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = typeof(JupyterHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private bool Has(string python)
    {
        try
        {
            return Run(python, "-c", "import jupyter_client, jupyter_kernel_test, nbconvert, nbformat; print('found')").Contains("found");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Python with these arguments, running.</summary>
    public Process Start(params string[] arguments)
    {
        Require();
        var process = Begin(Python, arguments);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private string Run(string program, params string[] arguments)
    {
        using var process = Begin(program, arguments);
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromMinutes(5))) process.Kill(entireProcessTree: true);
        return output + error.GetAwaiter().GetResult();
    }

    private Process Begin(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        foreach (string variable in (string[])["JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"])
            start.Environment[variable] = Path.Combine(Folder, variable);
        start.Environment["FLOWKIT_SCALE"] = "smoke";
        return Process.Start(start)!;
    }
}
