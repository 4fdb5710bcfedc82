using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace FlowKit.Cli;

/// <summary>The state of one thread that runs the code of cells, for <see cref="CellGuard"/>: how deep its stack is, and how long it may still clean up.</summary>
/// <param name="isDeep">Whether the thread has a <see cref="DeepStack"/>.</param>
internal sealed class GuardedThread(bool isDeep)
{
    // As much as a console program has. With many more frames an exception takes too long to unwind, and async functions, which rethrow it at each frame, allow fewer.
    private const int MostStack = 8 << 20, MostAsyncStack = 2 << 20;

    // Less than what the runtime guarantees where it says that the stack suffices.
    private const int Stretch = 32 << 10;

    // Each catch that rethrows takes about thirty kilobytes of the stack on top of the previous ones. Threads with a deep stack bear more of them than others.
    private const int MostCatching = 2500, MostCatchingElsewhere = 100;

    // A thread that was told to stop may clean up, since finally blocks loop and call too. After this time it is told at every check.
    private const int TimeToCleanUp = 1000;

    // Walking the stack costs more than most loops do between two checks.
    private const int LookAgain = 50;

    private readonly Stack<nint> catching = new();
    private nint top;
    private (OutputSink? Sink, long End) cleaning;
    private (nint Depth, long End) native;

    /// <summary>The address above which the stack is known to suffice.</summary>
    public nint Floor { get; private set; } = nint.MaxValue;

    /// <summary>The address that the stack has reached.</summary>
    public static nint Here()
    {
        byte here = 0;
        return Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref here);
    }

    /// <summary>Checks the stack once for every stretch of it.</summary>
    public void Descend()
    {
        nint here = Here();
        if (top == 0) top = here;
        if (top - here > MostStack || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) Overflow();
        Floor = here - Stretch;
    }

    /// <summary>Refuses an async function that is called too deeply.</summary>
    public void CheckAsync()
    {
        if (top - Here() > MostAsyncStack) Overflow();
    }

    /// <summary>Refuses a function that catches exceptions, where too many of its callers do.</summary>
    public void CheckCatching()
    {
        nint here = Here();
        while (catching.TryPeek(out nint last) && last <= here) catching.Pop();         // it has returned
        catching.Push(here);
        if (catching.Count > (isDeep ? MostCatching : MostCatchingElsewhere)) Overflow();
    }

    /// <summary>Ends the cell with this sink where the thread runs its code, does not clean up, and was not called by native code.</summary>
    public void Refuse(OutputSink sink)
    {
        long now = Environment.TickCount64;
        if (!ReferenceEquals(sink, OutputSink.Current) || (ReferenceEquals(sink, cleaning.Sink) && now < cleaning.End) || (Here() <= native.Depth && now < native.End)) return;

        if (IsCalledByNativeCode())
        {
            native = (Here(), now + LookAgain);
            return;
        }
        if (!ReferenceEquals(sink, cleaning.Sink)) cleaning = (sink, now + TimeToCleanUp);
        throw new CellStoppedException();
    }

    // An exception that passes native code other than the runtime's would end the process. TorchSharp's native code calls closures of optimizers and custom gradients.
    private static bool IsCalledByNativeCode() => new StackTrace().GetFrames().Select(frame => frame.GetMethod()).OfType<MethodBase>().Any(method =>
        (method.Attributes.HasFlag(MethodAttributes.PinvokeImpl) && method.Module.Assembly != typeof(object).Assembly) || (method.Name == "ApplyFunc" && method.DeclaringType?.Namespace == "TorchSharp"));

    private static void Overflow() => throw new InsufficientExecutionStackException("The functions of the notebook call each other without end, or more deeply than the stack allows.");
}
