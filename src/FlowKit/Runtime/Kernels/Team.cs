using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>Runs the parts of a work side by side, on libtorch's own OpenMP team where there is one.</summary>
/// <remarks>
/// libtorch's workers go on spinning after a product, so threads of .NET beside them would fight for the processors; on the team itself nothing waits.
/// Parts are handed out one by one, so nothing that depends on the number of threads may depend on which thread does a part. The team exists on x64 Linux; elsewhere the thread pool serves.
/// </remarks>
internal static unsafe class Team
{
    // void GOMP_parallel(void (*fn)(void*), void* data, unsigned threads, unsigned flags)
    private static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> parallel =
        (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)FindParallel();

    [ThreadStatic]
    private static bool isInside;

    [ThreadStatic]
    private static TeamWork? own;

    [ThreadStatic]
    private static long aloneAfter;           // a timestamp; 0: never

    /// <summary>Whether parts run on libtorch's team.</summary>
    public static bool IsShared => parallel != null;

    /// <summary>From now on this thread shares its work for so many ticks of <see cref="Stopwatch"/>; what it runs later it runs alone, with the same results. Infinite: it shares always.</summary>
    /// <remarks>Beside a busy process every fork may wait for a turn. A trial of many threads need not sit through all of them.</remarks>
    public static void ShareFor(double ticks) => aloneAfter = double.IsFinite(ticks) ? Stopwatch.GetTimestamp() + (long)ticks : 0;

    /// <summary>Runs part(0), ..., part(parts - 1), each once, and returns when all are done.</summary>
    /// <remarks>A call from inside a part runs on that part's thread. After an exception no further part begins; the first one is thrown again here, with its stack.</remarks>
    /// <param name="parts">How many.</param>
    /// <param name="part">Does one, from 0.</param>
    /// <param name="threads">At most so many threads, the calling one included.</param>
    public static void Run(int parts, Action<int> part, int threads)
    {
        threads = Math.Min(threads, parts);
        if (threads <= 1 || isInside || aloneAfter != 0 && Stopwatch.GetTimestamp() > aloneAfter)
        {
            for (int i = 0; i < parts; i++) part(i);
            return;
        }

        var work = own ??= new TeamWork();
        work.Begin(parts, part);
        if (parallel != null) parallel(&Member, (void*)work.Handle, (uint)threads, 0);
        else Parallel.For(0, threads, _ => Share(work));
        work.End();
    }

    [UnmanagedCallersOnly]
    private static void Member(void* work) => Share((TeamWork)GCHandle.FromIntPtr((nint)work).Target!);

    private static void Share(TeamWork work)
    {
        bool before = isInside;
        isInside = true;
        try
        {
            work.Share();
        }
        finally
        {
            isInside = before;
        }
    }

    /// <summary>The function that libtorch itself calls: looked up from its library, the search goes on to the OpenMP library that it was linked to.</summary>
    private static nint FindParallel()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64) return 0;
        InitializeDeviceType(DeviceType.CPU);         // loads libtorch
        return NativeModules.Files(NativeModules.Torch).FirstOrDefault() is { } torch && NativeLibrary.TryLoad(NativeDecoys.Past(torch), out nint library) && NativeLibrary.TryGetExport(library, "GOMP_parallel", out nint found)
            ? found : 0;
    }
}
