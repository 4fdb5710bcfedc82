namespace FlowKit;

/// <summary>Lets native operations that are under way end before finalizers run, where another thread may have caused the collection.</summary>
/// <remarks>
/// TorchSharp hands an operation the address of a native scalar (the 1 of <c>x + 1</c>) and keeps no reference to its owner. A collection that another thread causes finds the owner dead, and its finalizer frees
/// what the operation is about to read: an exception such as "Unknown scalar type", or a wrong number. A processor that is taken from the thread at that moment makes it likely.
/// The other thread need not compute: the one that draws a training's curve in a notebook collects what the training uses.
/// One thread runs all finalizers. An object is made right after they last ran, so that it dies with the next collection; its finalizer waits until no collection has begun for a while, and keeps back what comes after it:
/// all that later collections find, and of its own collection what the runtime puts behind it. That is most of what a computation may still read, not all of it. It does not wait after a collection that the only computing
/// thread made itself, between two operations.
/// </remarks>
internal sealed class LateFinalizers
{
    private const int Quiet = 50, Rounds = 10;          // milliseconds without a collection, and how often they are waited for
    private const long Recent = 1000;                   // milliseconds after which a thread that computed is forgotten

    private static long computedUntil = -1, severalUntil = -1;
    private static int last, started, underWay, own = -1;

    private static bool Computes => Volatile.Read(ref underWay) > 0 || Environment.TickCount64 < Volatile.Read(ref computedUntil);

    private static bool IsAlone => Environment.TickCount64 >= Volatile.Read(ref severalUntil);

    /// <summary>A computation begins, on any thread or on several: the call of a library, or a notebook's cell.</summary>
    public static void Begin()
    {
        Interlocked.Increment(ref underWay);
        if (Interlocked.Exchange(ref started, 1) == 0) Renew();
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

    /// <summary>Notes that the calling thread collects now, between two of its operations.</summary>
    public static void NoteCollection()
    {
        if (IsAlone && Volatile.Read(ref last) == Environment.CurrentManagedThreadId) Volatile.Write(ref own, GC.CollectionCount(0) + 1);
    }

    private static void Renew() => _ = new LateFinalizers();

    ~LateFinalizers()
    {
        if (Environment.HasShutdownStarted || AppDomain.CurrentDomain.IsFinalizingForUnload()) return;
        for (int round = 0; round < Rounds && Computes; round++)
        {
            int collections = GC.CollectionCount(0);
            if (IsAlone && collections == Volatile.Read(ref own)) break;
            Thread.Sleep(Quiet);
            if (GC.CollectionCount(0) == collections) break;
        }
        Renew();
    }
}
