using System.Runtime.CompilerServices;

namespace FlowKit;

/// <summary>Lets native operations that are under way end before finalizers run, where another thread may have caused the collection.</summary>
/// <remarks>
/// TorchSharp hands an operation the address of a native scalar (the 1 of <c>x + 1</c>) and keeps no reference to its owner. A collection that another thread causes finds the owner dead, and its finalizer frees
/// what the operation is about to read: an exception such as "Unknown scalar type", or a wrong number. A processor that is taken from the thread at that moment makes it likely.
/// The other thread need not compute: the one that draws a training's curve in a notebook collects what the training uses.
/// <para>
/// One thread runs all finalizers, in an order that nobody promises. While a library's call lasts, that thread stands in the finalizer of a gate, and what collections find waits. Once no collection has begun for
/// <see cref="Quiet"/> milliseconds, an operation has read whatever the last one found; then the gate opens until the queue is empty, and the next call of a library puts up another one, by a small collection between
/// two operations. Where collections follow each other faster, the gate contents itself with shorter and shorter pauses. So finalizers run late, not never. What remains are the collections that fall into the time in
/// which the gate is open: the emptying of the queue, and in a cell that calls no library, all but the first second.
/// </para>
/// </remarks>
internal sealed class LateFinalizers
{
    /// <summary>Milliseconds that an operation has from a collection to its reading of a scalar, a busy machine's wait for a processor included.</summary>
    public const int Quiet = 100;

    private const int Turn = 10, Patience = 500;        // milliseconds after which a gate looks again, and after which it asks for no pause any more
    private const long Recent = 1000;                   // milliseconds after which a thread that computed is forgotten, and for which a gate stays closed at most where no collection begins

    private const int Open = 0, Rising = 1, Closed = 2;

    private static readonly AutoResetEvent opened = new(false), emptied = new(false);
    private static readonly ManualResetEventSlim stands = new(), drained = new(true);
    private static long computedUntil = -1, severalUntil = -1;
    private static int last, cell, cells, state, underWay, calls;
    private static volatile bool exits;

    static LateFinalizers()
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
        {
            exits = true;               // the runtime waits for the finalizer that is running
            opened.Set();
        };
        new Thread(Empty) { IsBackground = true, Name = "FlowKit: late finalizers" }.Start();
    }

    private static bool Computes => Volatile.Read(ref underWay) > 0 || Environment.TickCount64 < Volatile.Read(ref computedUntil);

    private static bool IsAlone
    {
        get
        {
            int me = Environment.CurrentManagedThreadId, running = Volatile.Read(ref cell);
            return Environment.TickCount64 >= Volatile.Read(ref severalUntil) && Volatile.Read(ref last) == me && Volatile.Read(ref calls) == 0 && (running == 0 || running == me);
        }
    }

    /// <summary>The call of a library begins, on any thread or on several.</summary>
    public static void Begin()
    {
        Interlocked.Increment(ref calls);
        int thread = Environment.CurrentManagedThreadId, before = Volatile.Read(ref last);
        if (before != thread)
        {
            Volatile.Write(ref last, thread);
            if (before != 0) Volatile.Write(ref severalUntil, Environment.TickCount64 + Recent);
        }
        BeginAny();
    }

    /// <summary>The call ends.</summary>
    public static void End()
    {
        Interlocked.Decrement(ref calls);
        EndAny();
    }

    /// <summary>A notebook's cell begins.</summary>
    /// <param name="thread">The thread that runs it; -1 for any.</param>
    public static void BeginCell(int thread)
    {
        Interlocked.Increment(ref cells);           // a cell that imports another runs it within
        Volatile.Write(ref cell, thread);
        BeginAny();
    }

    /// <summary>The cell ends.</summary>
    public static void EndCell()
    {
        if (Interlocked.Decrement(ref cells) == 0) Volatile.Write(ref cell, 0);
        EndAny();
    }

    /// <summary>Within a call that takes long: puts up the gate again where it has opened.</summary>
    public static void Renew()
    {
        if (Volatile.Read(ref state) == Open) Close();
    }

    /// <summary>Collects between two operations of the calling thread. Where no other thread computes, the finalizers need not wait.</summary>
    /// <param name="generation">The oldest generation that is collected.</param>
    /// <param name="isPressing">Whether the call waits a little for the finalizers of what was found; it does where those of its last collection have not run yet.</param>
    public static void Collect(int generation, bool isPressing)
    {
        bool waits = isPressing || !drained.IsSet;
        GC.Collect(generation);
        drained.Reset();
        if (Volatile.Read(ref state) != Closed)
        {
            drained.Set();              // nothing holds the finalizers back
            return;
        }
        if (IsAlone) opened.Set();
        if (waits) drained.Wait(3 * Quiet);
    }

    private static void BeginAny()
    {
        Interlocked.Increment(ref underWay);
        Renew();
    }

    private static void EndAny()
    {
        Volatile.Write(ref computedUntil, Environment.TickCount64 + Recent);
        Interlocked.Decrement(ref underWay);
    }

    // On a computing thread, between two of its operations: what this collection finds, and what the runtime puts before the gate, nothing of that thread reads any more. Of other threads it may.
    private static void Close()
    {
        if (Interlocked.CompareExchange(ref state, Rising, Open) != Open) return;
        opened.Reset();
        stands.Reset();
        var gate = Make();
        for (int generation = 0; generation <= 2 && gate.IsAlive; generation++) GC.Collect(generation);
        Volatile.Write(ref state, Closed);
        try
        {
            stands.Wait(Turn);          // whoever allocates meanwhile may bring others before it
        }
        catch (ThreadInterruptedException)
        {
            Thread.CurrentThread.Interrupt();       // meant for the next wait of the caller, who has begun what it must end
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]          // no register of the caller may keep the gate alive
    private static WeakReference Make() => new(new LateFinalizers());

    // Waits until the finalizers have run, and lets the next gate be put up.
    private static void Empty()
    {
        while (true)
        {
            emptied.WaitOne();
            GC.WaitForPendingFinalizers();
            Volatile.Write(ref state, Open);
            drained.Set();
        }
    }

    ~LateFinalizers()
    {
        stands.Set();
        int collections = GC.CollectionCount(0);
        long closed = Environment.TickCount64, waiting = -1, pause = closed;
        while (Computes && !exits)
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
        emptied.Set();
    }
}
