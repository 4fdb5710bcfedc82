using System.Globalization;
using FlowKit.Experiments;

namespace FlowKit.Cli;

/// <summary>What the environment variables say to the command; they are read once, when the process starts.</summary>
/// <param name="PackageFolder">Where sets of restored packages are remembered: FLOWKIT_CACHE, or a folder of the user.</param>
/// <param name="JupyterFolder">The user's data folder of Jupyter: JUPYTER_DATA_DIR, or the system's usual place.</param>
/// <param name="JupyterClient">The process id of the client that started the kernel, JPY_PARENT_PID; 0 where none is named.</param>
/// <param name="Settings">The settings of experiments as JSON, FLOWKIT_SET; null where there are none.</param>
internal sealed record HostEnvironment(string PackageFolder, string JupyterFolder, int JupyterClient, string? Settings)
{
    /// <summary>The environment variable that names the folder for restored packages.</summary>
    public const string CacheVariable = "FLOWKIT_CACHE";

    /// <summary>Reads the variables of this process.</summary>
    public static HostEnvironment Read() => new(
        Path.Combine(Variable(CacheVariable) is { } cache ? Path.GetFullPath(cache) : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "flowkit"), "packages"),
        Variable("JUPYTER_DATA_DIR") ?? UsualJupyterFolder(),
        int.TryParse(Variable("JPY_PARENT_PID"), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : 0,
        Variable(Experiment.SettingsVariable));

    private static string UsualJupyterFolder()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows()) return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
        if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Jupyter");
        return Path.Combine(Variable("XDG_DATA_HOME") ?? Path.Combine(home, ".local", "share"), "jupyter");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;
}
