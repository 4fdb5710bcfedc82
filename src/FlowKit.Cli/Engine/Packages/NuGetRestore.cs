using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace FlowKit.Cli;

/// <summary>Runs the SDK's restore.</summary>
internal static partial class NuGetRestore
{
    /// <summary>Restores a project; an interrupt of the thread ends the restore.</summary>
    /// <exception cref="PackageRestoreException">It failed.</exception>
    public static void Run(string project)
    {
        var start = new ProcessStartInfo(Dotnet, ["msbuild", project, "-t:Restore", "-nologo", "-v:q", "-nodeReuse:false"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(project),
            Environment = { ["DOTNET_CLI_UI_LANGUAGE"] = "en", ["DOTNET_NOLOGO"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1" },
        };
        using var process = Start(start);
        try
        {
            var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            process.WaitForExit();
            if (process.ExitCode != 0) throw new PackageRestoreException(Errors(string.Join('\n', output.GetAwaiter().GetResult())));
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    // The dotnet that runs this program.
    private static string Dotnet
    {
        get
        {
            string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
            string own = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
            return File.Exists(own) ? own : name;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new PackageRestoreException([$"#r \"nuget: ...\" needs the .NET SDK's 'dotnet', which cannot be started: {error.Message}"]);
        }
    }

    // "/tmp/x/packages.csproj : error NU1101: Unable to find package X. No packages exist ..." is reported from NU1101 on.
    private static string[] Errors(string output)
    {
        string[] errors = [.. ErrorLine().Matches(output).Select(match => match.Groups["message"].Value.Trim()).Distinct()];
        return errors.Length > 0 ? errors : [output.Trim().Split('\n')[^1]];
    }

    [GeneratedRegex(@"\berror (?<message>[A-Z]+\d+: .*?)(?: \[[^\]]*\.csproj\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
