using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>The parts that the threads of a <see cref="Team"/> still have to take. A calling thread keeps one for all its calls.</summary>
internal sealed class TeamWork
{
    private GCHandle handle;
    private Action<int>? part;
    private int parts, next;
    private ExceptionDispatchInfo? failure;

    public TeamWork() => handle = GCHandle.Alloc(this, GCHandleType.Weak);

    ~TeamWork() => handle.Free();

    /// <summary>What native code is given in place of this object. It holds nothing: the caller keeps the object alive.</summary>
    public nint Handle => GCHandle.ToIntPtr(handle);

    /// <summary>Before the threads start.</summary>
    public void Begin(int parts, Action<int> part) => (this.parts, this.part, next, failure) = (parts, part, 0, null);

    /// <summary>Takes parts until there are none left, or one failed.</summary>
    public void Share()
    {
        try
        {
            while (Volatile.Read(ref failure) is null && Interlocked.Increment(ref next) - 1 is var mine && mine < parts) part!(mine);
        }
#pragma warning disable CA1031 // native frames lie between here and the caller, who gets whatever it is
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
        }
    }

    /// <summary>After the threads ended: throws what a part threw.</summary>
    public void End()
    {
        var thrown = failure;
        (part, failure) = (null, null);
        thrown?.Throw();
    }
}
