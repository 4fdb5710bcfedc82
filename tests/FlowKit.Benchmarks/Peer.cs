using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace FlowKit.Benchmarks;

/// <summary>Another library of normalizing flows, in a Python process of its own that waits until it is asked (<c>peers.py</c>).</summary>
/// <remarks>FLOWKIT_PEERS names the folder that holds the libraries, which becomes the Python path; FLOWKIT_PYTHON the interpreter, which has PyTorch.</remarks>
internal sealed class Peer : IDisposable
{
    private static readonly string[] Names = ["survae", "pyro", "zuko", "nflows", "normflows"];

    private readonly Process process;
    private readonly string[] models;
    private string complaint = "";
    private bool isGone;

    private Peer(string name, string folder, int threads)
    {
        Name = name;
        string python = Environment.GetEnvironmentVariable("FLOWKIT_PYTHON") is { Length: > 0 } asked ? asked : File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "peers.py"), name, $"{threads}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONPATH"] = folder;
        start.Environment["OMP_NUM_THREADS"] = start.Environment["MKL_NUM_THREADS"] = start.Environment["OPENBLAS_NUM_THREADS"] = $"{threads}";
        // An OpenBLAS that does not know a processor takes kernels of 2004, at a quarter of the speed.
        if (Avx512F.IsSupported) start.Environment.TryAdd("OPENBLAS_CORETYPE", "SkylakeX");
        process = Process.Start(start) ?? throw new InvalidOperationException($"{python} does not start.");
        process.ErrorDataReceived += (_, line) => complaint = line.Data is { Length: > 0 } text ? text : complaint;
        process.BeginErrorReadLine();
        try
        {
            string answer = Answer();
            (Version, models) = answer.Split("; ") is [var version, var list] ? (version, list.Split(' ')) : throw new InvalidOperationException($"It answered '{answer}'.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What tables call it.</summary>
    public string Name { get; }

    /// <summary>Its version and that of its PyTorch.</summary>
    public string Version { get; }

    /// <summary>Those that can be started; none where no folder is named. What is left out is told.</summary>
    public static IReadOnlyList<Peer> Start(int threads)
    {
        if (Environment.GetEnvironmentVariable("FLOWKIT_PEERS") is not { Length: > 0 } folder) return [];
        var peers = new List<Peer>();
        foreach (string name in Names)
        {
            try
            {
                peers.Add(new Peer(name, folder, threads));
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                Console.WriteLine($"{name} is left out: {e.Message}");
            }
        }
        return peers;
    }

    /// <summary>Those that have the model, with the seconds of one call of an item of it.</summary>
    public static IReadOnlyList<(string Name, Func<double> Seconds)> Contenders(IEnumerable<Peer> peers, Subject subject, string item) =>
        [.. peers.Where(peer => peer.Has(subject.Key)).Select(peer => (peer.Name, (Func<double>)(() => peer.Ask(subject.Key, item, Contest.Block))))];

    /// <summary>Whether it has a model of that kind.</summary>
    public bool Has(string model) => !isGone && models.Contains(model);

    /// <summary>What <c>peers.py</c> answers to an item, as the seconds of one call; infinite where it failed, which is told and drops it.</summary>
    public double Ask(string model, string item, TimeSpan least)
    {
        if (isGone) return double.PositiveInfinity;
        try
        {
            process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model} {item} {least.TotalSeconds}"));
            process.StandardInput.Flush();
            return double.Parse(Answer(), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or FormatException)
        {
            Console.Error.WriteLine($"{Name} is dropped at {model} {item}: {e.Message}");
            isGone = true;
            return double.PositiveInfinity;
        }
    }

    public void Dispose()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }
        process.WaitForExit();
        process.Dispose();
    }

    private string Answer()
    {
        if (process.StandardOutput.ReadLine() is { } line) return line;
        process.WaitForExit();
        throw new InvalidOperationException(complaint);
    }
}
