using System.Runtime.CompilerServices;

namespace FlowKit;

/// <summary>Lets native operations that are under way end before finalizers run, where another thread may have caused the collection.</summary>
/// <remarks>
/// TorchSharp hands an operation the address of a native scalar (the 1 of <c>x + 1</c>) and keeps no reference to its owner. A collection that another thread causes finds the owner dead, and its finalizer frees
/// what the operation is about to read: an exception such as "Unknown scalar type", or a wrong number. A processor that is taken from the thread at that moment makes it likely.
/// The other thread need not compute: the one that draws a training's curve in a notebook collects what the training uses.
/// <para>
/// One thread runs all finalizers, those of an earlier collection first, within a collection the newest object first. While anything computes, that thread stands in the finalizer of a gate, behind which lies what
/// collections find. Where there was one, the gate puts its successor behind all of it, by a collection of its own, waits until an operation has read whatever that collection found, and lets the others run, up to the
/// successor. So everything is finalized at least <see cref="Quiet"/> milliseconds after it was found dead, and nothing waits for much longer. About once a second a gate leaves no successor until the queue is
/// empty, for those who wait for that (<see cref="GC.WaitForPendingFinalizers"/>).
/// </para>
/// </remarks>
internal sealed class LateFinalizers
{
    /// <summary>Milliseconds that an operation has from a collection to its reading of a scalar, a busy machine's wait for a processor included.</summary>
    public const int Quiet = 250;

    private const int Turn = 10;                        // milliseconds after which a gate looks again
    private const long Recent = 1000;                   // milliseconds after which a thread that computed is forgotten, and for which gates stand without a gap

    private static readonly AutoResetEvent opened = new(false), drained = new(false);
    private static long computedUntil = -1, severalUntil = -1, startedAt, closedAt;
    private static int last, started, underWay, seen, gates, open;

    private readonly int number = Interlocked.Increment(ref gates);

    private static bool Computes => Volatile.Read(ref underWay) > 0 || Environment.TickCount64 < Volatile.Read(ref computedUntil);

    private static bool IsAlone => Environment.TickCount64 >= Volatile.Read(ref severalUntil) && Volatile.Read(ref last) == Environment.CurrentManagedThreadId;

    /// <summary>A computation begins, on any thread or on several: the call of a library, or a notebook's cell.</summary>
    public static void Begin()
    {
        Interlocked.Increment(ref underWay);
        if (Volatile.Read(ref started) == 0) Start();
    }

    /// <summary>A computation ends.</summary>
    public static void End()
    {
        Volatile.Write(ref computedUntil, Environment.TickCount64 + Recent);
        Interlocked.Decrement(ref underWay);
    }

    /// <summary>Notes that a thread computes.</summary>
    public static void Note(int thread)
    {
        int before = Volatile.Read(ref last);
        if (before == thread) return;

        Volatile.Write(ref last, thread);
        if (before != 0) Volatile.Write(ref severalUntil, Environment.TickCount64 + Recent);
    }

    /// <summary>Collects between two operations of the calling thread. Where no other thread computes, the finalizers need not wait.</summary>
    /// <param name="generation">The oldest generation that is collected.</param>
    /// <param name="patience">How long the call waits for the finalizers of what was found, in milliseconds; 0 does not wait.</param>
    public static void Collect(int generation, int patience)
    {
        GC.Collect(generation);
        drained.Reset();
        if (IsAlone)
        {
            Close();
            Volatile.Write(ref open, Volatile.Read(ref gates));
            opened.Set();
        }
        if (patience > 0) drained.WaitOne(patience);
    }

    private static void Start()
    {
        if (Interlocked.Exchange(ref started, 1) != 0) return;
        Volatile.Write(ref startedAt, Environment.TickCount64);
        Close();
    }

    // Puts a gate behind everything that was found dead so far.
    private static void Close()
    {
        Make();
        GC.Collect(0);
        Volatile.Write(ref seen, GC.CollectionCount(0));
        Volatile.Write(ref closedAt, Environment.TickCount64);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]          // no register of the caller may keep the gate alive
    private static void Make() => _ = new LateFinalizers();

    ~LateFinalizers()
    {
        if (Environment.HasShutdownStarted || AppDomain.CurrentDomain.IsFinalizingForUnload()) return;

        drained.Set();
        while (Computes && number >= Volatile.Read(ref open))
        {
            if (number < Volatile.Read(ref gates))
            {
                if (Environment.TickCount64 - Volatile.Read(ref closedAt) >= Quiet) return;
            }
            else if (Environment.TickCount64 - Volatile.Read(ref startedAt) >= Recent)
            {
                Thread.Sleep(Quiet);
                break;
            }
            else if (GC.CollectionCount(0) != Volatile.Read(ref seen)) Close();
            opened.WaitOne(Turn);
        }
        if (number < Volatile.Read(ref gates)) return;

        // The last gate. Where the computation goes on, it goes up again as soon as the queue is empty.
        Volatile.Write(ref started, 0);
        Interlocked.MemoryBarrier();
        if (Computes) ThreadPool.UnsafeQueueUserWorkItem(static _ =>
        {
            GC.WaitForPendingFinalizers();
            Start();
        }, null);
    }
}
