using System.Diagnostics;
using System.Reflection;

namespace FlowKit.Tests;

/// <summary>Jupyter's own programs, with kernels, configuration and what they remember in a folder of their own.</summary>
public class JupyterFolder : IDisposable
{
    private static readonly string[] debian = ["/usr/bin/python3", "python3"];

    public JupyterFolder()
    {
        Directory.CreateDirectory(Folder);
        Python = debian.FirstOrDefault(python => (python[0] != '/' || File.Exists(python)) && Has(python)) ?? "";
    }

    /// <summary>The repository's folder.</summary>
    public static string Root { get; } =
        Path.GetFullPath(typeof(JupyterFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!);

    /// <summary>Where Jupyter keeps everything.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"flowkit jupyter {Guid.NewGuid():N}");

    /// <summary>Whether Jupyter's client is installed.</summary>
    public bool IsThere => Python.Length > 0;

    private string Python { get; }

    /// <summary>Skips the test where Jupyter's client is not installed.</summary>
    public void Require() => Assert.SkipUnless(IsThere, "Needs Jupyter's client and its kernel tests (Debian: jupyter-nbconvert python3-jupyter-client python3-jupyter-kernel-test).");

    /// <summary>What Python printed when it ran with these arguments.</summary>
    public string RunPython(params string[] arguments)
    {
        Require();
        return Run(Python, arguments);
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

    /// <summary>What a program printed.</summary>
    public string Run(string program, params string[] arguments)
    {
        using var process = Begin(program, arguments);
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromMinutes(5))) process.Kill(entireProcessTree: true);
        return output + error.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

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

    private Process Begin(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        foreach (string variable in (string[])["JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"])
            start.Environment[variable] = Path.Combine(Folder, variable);
        start.Environment["FLOWKIT_SCALE"] = "smoke";
        return Process.Start(start)!;
    }
}
