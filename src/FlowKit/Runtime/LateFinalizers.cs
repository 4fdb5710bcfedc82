namespace FlowKit;

/// <summary>Lets native operations that are under way end before finalizers run, where several threads compute at once.</summary>
/// <remarks>
/// TorchSharp hands an operation the address of a native scalar (the 1 of <c>x + 1</c>) and keeps no reference to its owner. A collection that another thread causes finds the owner dead, and its finalizer frees
/// what the operation is about to read: an exception such as "Unknown scalar type", or a wrong number. A processor that is taken from the thread at that moment makes it likely.
/// Finalizers run in the order in which their objects were made. An object made right after the finalizers last ran is therefore the first of the next collection; it waits until no collection
/// has begun for a while, so that whatever is freed after it has been dead for that long.
/// </remarks>
internal sealed class LateFinalizers
{
    private const int Quiet = 50, Rounds = 10;          // milliseconds without a collection, and how often they are waited for
    private const long Recent = 1000;                   // milliseconds after which a second thread is forgotten

    private static long severalUntil = -1;
    private static int last, started;

    /// <summary>Notes that a thread computes.</summary>
    public static void Note(int thread)
    {
        int before = Volatile.Read(ref last);
        if (before == thread) return;
        Volatile.Write(ref last, thread);
        if (before == 0) return;
        Volatile.Write(ref severalUntil, Environment.TickCount64 + Recent);
        if (Interlocked.Exchange(ref started, 1) == 0) Renew();
    }

    private static void Renew() => _ = new LateFinalizers();

    ~LateFinalizers()
    {
        if (Environment.HasShutdownStarted || AppDomain.CurrentDomain.IsFinalizingForUnload()) return;
        for (int round = 0; round < Rounds && Environment.TickCount64 < Volatile.Read(ref severalUntil); round++)
        {
            int collections = GC.CollectionCount(0);
            Thread.Sleep(Quiet);
            if (GC.CollectionCount(0) == collections) break;
        }
        Renew();
    }
}
