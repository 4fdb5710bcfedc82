using System.ComponentModel;
using System.Diagnostics;

namespace FlowKit.Data;

/// <summary>A program of the system, run to its end.</summary>
internal static class ExternalTool
{
    /// <summary>What it wrote to standard output.</summary>
    /// <exception cref="IOException">The program is not on this system, or it failed; the message then ends with what it wrote.</exception>
    public static async Task<string> Run(string program, IEnumerable<string> arguments, string folder, CancellationToken cancel)
    {
        using var output = new StringWriter();
        await Run(program, arguments, folder, async reader => output.Write(await reader.ReadToEndAsync(cancel)), cancel);
        return output.ToString();
    }

    /// <summary>Its standard output, into a file.</summary>
    /// <inheritdoc cref="Run(string, IEnumerable{string}, string, CancellationToken)" path="/exception"/>
    public static Task RunInto(string target, string program, IEnumerable<string> arguments, string folder, CancellationToken cancel) => Run(program, arguments, folder, async reader =>
    {
        await using var file = File.Create(target);
        await reader.BaseStream.CopyToAsync(file, cancel);
    }, cancel);

    private static async Task Run(string program, IEnumerable<string> arguments, string folder, Func<StreamReader, Task> read, CancellationToken cancel)
    {
        using var process = Start(program, arguments, folder);
        try
        {
            var words = process.StandardError.ReadToEndAsync(cancel);
            await read(process.StandardOutput);
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode != 0) throw new IOException($"{program} failed with exit code {process.ExitCode}: {Last(await words)}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(string program, IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new IOException($"there is no program '{program}' on this system.", error);
        }
    }

    private static string Last(string words) => words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("it did not say why.");
}
