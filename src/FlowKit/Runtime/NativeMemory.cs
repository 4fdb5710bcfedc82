using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>Has the garbage collector run in time for the native memory that tensors hold.</summary>
/// <remarks>
/// The collector sees a few hundred bytes where a whole autograd graph hangs on a tensor, so a loop that disposes nothing would fill the machine.
/// What a result holds, only libtorch knows; therefore the allocator is asked how much is in use. That is done between calls, never inside one, whose
/// intermediate tensors would survive the collection and grow old, and so seldom that it costs nothing, or once results that told their size hold much. A loop that does not grow never collects.
/// </remarks>
internal static partial class NativeMemory
{
    private const long Allowance = 32 << 20;      // growth in bytes that is worth a collection; of large models an eighth
    private static readonly long pause = Stopwatch.Frequency / 50;

    [ThreadStatic]
    private static int depth;

    private static readonly Lock gate = new();
    private static bool hasAllocator = OperatingSystem.IsLinux();
    private static readonly long[] least = [long.MaxValue, long.MaxValue, long.MaxValue];    // in use at any look since the last collection of that generation
    private static long next, told;               // told: bytes of which calls have said since the last look that their results hold them

    /// <summary>Surrounds a call that hands out tensors; calls inside calls count as one.</summary>
    public static Call Enter()
    {
        if (depth == 0) LateFinalizers.Begin();
        else LateFinalizers.Renew();
        depth++;
        return default;
    }

    /// <summary>Whether the call that surrounds the caller is itself within one.</summary>
    public static bool IsNested => depth > 1;

    /// <summary>A result holds so many bytes until it is collected. Where these become many, the next look is not waited for.</summary>
    public static void Holds(long bytes) => Interlocked.Add(ref told, bytes);

    /// <summary>Bytes of native memory in use; where the allocator cannot be asked, those that the process occupies.</summary>
    public static long InUse => Allocated ?? Environment.WorkingSet;

    /// <summary>Bytes of native memory in use; null where the allocator cannot be asked.</summary>
    public static long? Allocated
    {
        get
        {
            if (!hasAllocator) return null;
            try
            {
                var sizes = mallinfo2();
                return (long)(sizes.InArenas + sizes.Mapped);
            }
            catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
            {
                hasAllocator = false;         // before glibc 2.33, and in musl
                return null;
            }
        }
    }

    private static void Look(long now)
    {
        if (!gate.TryEnter()) return;
        try
        {
            Volatile.Write(ref told, 0);
            long inUse = InUse + GC.GetTotalMemory(false);           // dead wrappers, too, are memory, of which the collector would let 40 MB come together
            Volatile.Write(ref next, now + Math.Clamp(50 * (Stopwatch.GetTimestamp() - now), pause, 5 * pause));     // a long look was one that had to wait for a processor
            for (int i = 0; i < least.Length; i++) least[i] = Math.Min(least[i], inUse);
            long allowance = Math.Max(Allowance, least[0] / 8);
            if (inUse - least[0] < allowance) return;

            // What outlived a collection grew old. Where the collections of a generation leave more and more behind, the next one has its turn.
            int generation = least[1] - least[2] >= allowance ? 2 : least[0] - least[1] >= allowance ? 1 : 0;
            long floor = least[0];
            Array.Fill(least, inUse, 0, generation + 1);
            // What is collected is freed on another thread. Where that one falls behind, the loop waits a little for it.
            LateFinalizers.Collect(generation, isPressing: inUse - floor >= 2 * allowance);
        }
        finally
        {
            gate.Exit();
        }
    }

    [LibraryImport("libc.so.6")]
    private static partial Told mallinfo2();

    /// <summary>A call while it lasts.</summary>
    public readonly ref struct Call
    {
        /// <summary>Ends it.</summary>
        public void Dispose()
        {
            if (--depth > 0) return;
            LateFinalizers.End();
            if (Stopwatch.GetTimestamp() is var now && (now >= Volatile.Read(ref next) || Volatile.Read(ref told) >= Allowance / 2)) Look(now);
        }
    }

    // glibc's struct mallinfo2: ten sizes.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Told
    {
        private readonly nuint arena, ordblks, smblks, hblks;
        public readonly nuint Mapped;           // hblkhd
        private readonly nuint usmblks, fsmblks;
        public readonly nuint InArenas;         // uordblks
        private readonly nuint fordblks, keepcost;
    }
}
