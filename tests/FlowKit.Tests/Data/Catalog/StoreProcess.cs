using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowKit.Data;

namespace FlowKit.Tests.Data;

/// <summary>A process that gets one entry of a store: this assembly, started with the store and the entry in its environment.</summary>
internal static class StoreProcess
{
    private const string Variable = "FLOWKIT_TEST_STORE";

    public static Process Start(string root, string address, long size, string sum)
    {
        string dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return Process.Start(new ProcessStartInfo(dotnet, [typeof(StoreProcess).Assembly.Location])
        {
            RedirectStandardOutput = true,
            Environment = { [Variable] = string.Join('\n', root, address, size.ToString(CultureInfo.InvariantCulture), sum) },
        })!;
    }

    /// <summary>Its last words: "fetched" or "there", or what went wrong.</summary>
    public static string End(Process process)
    {
        if (process.WaitForExit(TimeSpan.FromMinutes(2))) return process.StandardOutput.ReadToEnd().Trim();
        process.Kill();
        return "did not end";
    }

#pragma warning disable CA2255 // before the test runner's Main, which knows nothing of this
    [ModuleInitializer]
    internal static void RunIfAsked()
#pragma warning restore CA2255
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split('\n') is not [var root, var address, var size, var sum]) return;

        try
        {
            using var http = new HttpClient();
            var store = new DataStore(root, http, TimeSpan.FromSeconds(30));
            var entry = DataStoreTests.Entry(address, long.Parse(size, CultureInfo.InvariantCulture), sum);

            // Not awaited: no other thread runs this assembly's code before its initializer is over.
            bool fetched = store.Get(entry, new TextFetchView(TextWriter.Null, isTerminal: false), CancellationToken.None).GetAwaiter().GetResult();
            Console.WriteLine(fetched ? "fetched" : "there");
        }
        catch (IOException error)
        {
            Console.WriteLine(error.Message);
        }
        Environment.Exit(0);
    }
}
