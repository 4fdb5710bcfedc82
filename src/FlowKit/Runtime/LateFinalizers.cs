using System.Runtime.CompilerServices;

namespace FlowKit;

/// <summary>Lets native operations that are under way end before finalizers run, where another thread may have caused the collection.</summary>
/// <remarks>
/// TorchSharp hands an operation the address of a native scalar (the 1 of <c>x + 1</c>) and keeps no reference to its owner. A collection that another thread causes finds the owner dead, and its finalizer frees
/// what the operation is about to read: an exception such as "Unknown scalar type", or a wrong number. A processor that is taken from the thread at that moment makes it likely.
/// The other thread need not compute: the one that draws a training's curve in a notebook collects what the training uses.
/// <para>
/// One thread runs all finalizers, in an order that nobody promises. While anything computes, that thread stands in the finalizer of a gate, and what collections find waits. Once no collection has begun for
/// <see cref="Quiet"/> milliseconds, an operation has read whatever the last one found; then the gate opens until the queue is empty, and the next call of a library puts up another one, by a small collection between
/// two operations. Where collections follow each other faster, the gate contents itself with shorter and shorter pauses. So finalizers run late, not never, and what remains are the collections that fall into the time
/// in which the gate is open.
/// </para>
/// </remarks>
internal sealed class LateFinalizers
{
    /// <summary>Milliseconds that an operation has from a collection to its reading of a scalar, a busy machine's wait for a processor included.</summary>
    public const int Quiet = 100;

    private const int Turn = 10, Patience = 500;        // milliseconds after which a gate looks again, and after which it asks for no pause any more
    private const long Recent = 1000;                   // milliseconds after which a thread that computed is forgotten, and for which a gate stays closed though nothing waits: somebody may wait for an empty queue

    private static readonly AutoResetEvent opened = new(false);
    private static readonly ManualResetEventSlim drained = new(true);
    private static long computedUntil = -1, severalUntil = -1;
    private static int last, started, underWay, seen;

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
    /// <param name="isPressing">Whether the call waits a little for the finalizers of what was found; it does where those of its last collection have not run yet.</param>
    public static void Collect(int generation, bool isPressing)
    {
        bool waits = isPressing || !drained.IsSet;
        GC.Collect(generation);
        if (Volatile.Read(ref started) == 0) return;

        drained.Reset();
        if (IsAlone) opened.Set();
        if (waits) drained.Wait(3 * Quiet);
    }

    // On the computing thread, between two of its operations: what this collection finds, and what the runtime puts before the gate, nothing of that thread reads any more.
    private static void Start()
    {
        if (Interlocked.Exchange(ref started, 1) != 0) return;
        opened.Reset();
        Make();
        GC.Collect(0);
        Volatile.Write(ref seen, GC.CollectionCount(0));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]          // no register of the caller may keep the gate alive
    private static void Make() => _ = new LateFinalizers();

    ~LateFinalizers()
    {
        if (Environment.HasShutdownStarted || AppDomain.CurrentDomain.IsFinalizingForUnload()) return;

        int collections = Volatile.Read(ref seen);
        long closed = Environment.TickCount64, waiting = -1, pause = closed;
        while (Computes)
        {
            if (opened.WaitOne(Turn)) break;
            long now = Environment.TickCount64;
            if (GC.CollectionCount(0) is var count && count != collections)
            {
                (collections, pause) = (count, now);
                if (waiting < 0) waiting = now;
            }
            if (waiting < 0 ? now - closed >= Recent : now - pause >= Quiet * (waiting + Patience - now) / Patience) break;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static _ =>
        {
            GC.WaitForPendingFinalizers();
            Volatile.Write(ref started, 0);
            drained.Set();
        }, null);
    }
}
