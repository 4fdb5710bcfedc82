using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace FlowKit.Kernel.Tests;

/// <summary>The program of .NET Interactive, driven as Polyglot Notebooks drives it: one JSON object a line, commands in and events out.</summary>
public sealed class StdioKernel : IDisposable
{
    /// <summary>The program.</summary>
    public static string Program { get; } = Data("DotNetInteractive");

    private readonly Process process;
    private readonly ConcurrentQueue<JsonElement> seen = [];
    private readonly SemaphoreSlim arrived = new(0);
    private int commands;

    /// <summary>Starts it.</summary>
    /// <param name="folder">Where relative paths start from.</param>
    /// <param name="environment">Variables that differ from this process's.</param>
    public StdioKernel(string folder, params (string Name, string? Value)[] environment)
    {
        if (!File.Exists(Program)) throw new FileNotFoundException("The package of .NET Interactive was not restored.", Program);
        var start = new ProcessStartInfo("dotnet", [Program, "stdio", "--default-kernel", "csharp", "--working-dir", folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE"] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not ['{', ..]) return;
            seen.Enqueue(JsonDocument.Parse(line.Data).RootElement);
            arrived.Release();
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        Until(message => Kind(message) == "KernelReady").GetAwaiter().GetResult();
    }

    /// <summary>Runs a cell to its end.</summary>
    public async Task<StdioCell> Run(string code, string kernel = "csharp") => await Ended(Send(code, kernel));

    /// <summary>Starts a cell, and tells what names it.</summary>
    public string Send(string code, string kernel = "csharp") => Write("SubmitCode", new { code, targetKernelName = kernel });

    /// <summary>What the stop button does.</summary>
    public void Stop() => Write("Cancel", new { targetKernelName = ".NET" });

    /// <summary>Waits for the first output of a cell that runs.</summary>
    public async Task<StdioOutput> Shown(string token)
    {
        var all = await Until(message => message.GetProperty("event").TryGetProperty("formattedValues", out _) && message.GetProperty("command").GetProperty("token").GetString() == token);
        return StdioOutput.Of(all[^1]);
    }

    /// <summary>Waits for the end of a cell.</summary>
    public async Task<StdioCell> Ended(string token)
    {
        var all = await Until(message => Kind(message) is "CommandSucceeded" or "CommandFailed" && message.GetProperty("command").GetProperty("token").GetString() == token);
        string? error = Kind(all[^1]) == "CommandFailed" ? all[^1].GetProperty("event").GetProperty("message").GetString() : null;
        return new([.. all.Where(message => message.GetProperty("event").TryGetProperty("formattedValues", out _)).Select(StdioOutput.Of)], error);
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        arrived.Dispose();
    }

    private string Write(string type, object command)
    {
        string token = $"c{++commands}";
        process.StandardInput.WriteLine(JsonSerializer.Serialize(new { token, commandType = type, command, routingSlip = Array.Empty<string>() }));
        process.StandardInput.Flush();
        return token;
    }

    private async Task<List<JsonElement>> Until(Func<JsonElement, bool> isLast)
    {
        var passed = new List<JsonElement>();
        while (await arrived.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken))
        {
            seen.TryDequeue(out var message);
            if (!message.TryGetProperty("eventType", out _)) continue;
            passed.Add(message);
            if (isLast(message)) return passed;
        }
        throw new TimeoutException($"The kernel said nothing for three minutes; before that {string.Join(", ", passed.Select(Kind))}.");
    }

    private static string Kind(JsonElement message) => message.TryGetProperty("eventType", out var kind) ? kind.GetString()! : "";

    private static string Data(string key) => typeof(StdioKernel).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
