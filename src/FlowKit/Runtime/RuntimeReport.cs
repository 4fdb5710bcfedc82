using System.Reflection;
using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>What FlowKit found under the mathematics, line by line, and what of it does not work.</summary>
/// <param name="Lines">A word and what there is to say about it.</param>
/// <param name="Problems">What keeps FlowKit from working, each a sentence; empty where everything works.</param>
internal sealed record RuntimeReport(IReadOnlyList<(string Subject, string Text)> Lines, IReadOnlyList<string> Problems)
{
    private const double Gibi = 1 << 30;

    /// <summary>Looks. It loads libtorch and computes a little on each device.</summary>
    public static RuntimeReport Read()
    {
        List<(string, string)> lines =
        [
            ("FlowKit", Version(typeof(RuntimeReport).Assembly)),
            ("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}"),
            ("processor", $"{Processor.Name}, {Environment.ProcessorCount} for this process"),
            (".NET", Environment.Version.ToString()),
            ("TorchSharp", $"{Version(typeof(torch).Assembly)}, built for libtorch {NativeFiles.TorchVersion}"),
        ];
        List<string> problems = [];
        try
        {
            int threads = get_num_threads();                                                  // the first call, which loads what is below it
            lines.Add(("libtorch", Libtorch(problems)));
            lines.Add(("devices", string.Join("; ", Devices(NativeLoader.Handle, problems))));
            lines.Add(("threads", $"{threads} in one operation of libtorch"));
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            lines.Add(("libtorch", "none"));
            problems.Add(e.GetBaseException().Message);
        }
        lines.Add(("vectors", $"{Processor.Vectors} in .NET"));
        lines.Add(("MKL", MklWidth.State));
        return new(lines, problems);
    }

    /// <summary>The lines in two columns.</summary>
    public override string ToString()
    {
        int width = Lines.Max(line => line.Subject.Length);
        return string.Join('\n', Lines.Select(line => $"{line.Subject.PadRight(width)}  {line.Text}").Concat(Problems.Select(problem => $"{"problem".PadRight(width)}  {problem}")));
    }

    // Of the file that is in the process, or, where the system does not tell, of the one that is looked for.
    private static string Libtorch(List<string> problems)
    {
        var files = NativeModules.Files(NativeModules.Torch);
        if (files.Count > 1) problems.Add($"The process has {files.Count} files called {NativeModules.Torch}; expected one. {string.Join(", ", files)}");

        string? folder = Path.GetDirectoryName(files.FirstOrDefault());
        if (NativeLoader.Named is { } chosen) return $"{LibTorchFolder.At(chosen).Version ?? "of a version that no file tells"}, from {folder ?? chosen}, as {LibTorchFolder.Variable} asks";
        folder ??= NativeFiles.TorchFolder(typeof(torch).Assembly);
        return folder is null ? NativeFiles.TorchVersion : $"{LibTorchFolder.At(folder).Version ?? NativeFiles.TorchVersion}, from {folder}";
    }

    private static IEnumerable<string> Devices(nint shim, List<string> problems)
    {
        yield return Judged("cpu", LibTorchProbe.Run(shim));
        var driver = CudaDriver.Devices();
        int count = cuda.is_available() ? cuda.device_count() : 0;
        for (int i = 0; i < count; i++)
        {
            string name = i < driver.Count ? FormattableString.Invariant($"cuda:{i} {driver[i].Name}, {driver[i].Memory / Gibi:F1} GiB") : $"cuda:{i}";
            yield return Judged(name, LibTorchProbe.Run(shim, (int)DeviceType.CUDA, i));
        }
        if (count == 0 && driver.Count > 0) yield return $"{string.Join(", ", driver.Select(device => device.Name))} is here, but this libtorch has no CUDA or another one than the driver's";

        string Judged(string device, string? wrong)
        {
            if (wrong is not null) problems.Add($"On {device}, libtorch does not compute: {wrong}.");
            return $"{device} ({wrong ?? "product, gradient and determinant are right"})";
        }
    }

    private static string Version(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? assembly.GetName().Version?.ToString() ?? "";
}
