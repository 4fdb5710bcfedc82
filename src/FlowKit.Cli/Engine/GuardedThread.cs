using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace FlowKit.Cli;

/// <summary>What <see cref="CellGuard"/> knows of one thread that runs the code of cells: how deep its stack is, and how long it may still clean up.</summary>
/// <param name="isDeep">Whether the thread has a <see cref="DeepStack"/>.</param>
internal sealed class GuardedThread(bool isDeep)
{
    // What a console program has. An exception's way up through many more frames takes longer than a reader waits, also where async functions throw it anew at each.
    private const int MostStack = 8 << 20, MostAsyncStack = 2 << 20;

    // What the runtime promises is left where it says that there is enough.
    private const int Stretch = 32 << 10;

    // A catch that throws anew takes some thirty kilobytes of the stack, above all those that did so before: of the cells' threads with their deep stacks, and of others.
    private const int MostCatching = 2500, MostCatchingElsewhere = 100;

    // A thread that was told to stop may clean up: finally blocks loop and call, too. What goes on after that is told without an end.
    private const int TimeToCleanUp = 1000;

    // A look at the stack costs more than most loops do between two of them.
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

    /// <summary>Looks at the stack, once for every stretch of it: what was there is there again.</summary>
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

    // No exception may pass native code that is not the runtime's: the process would end. TorchSharp's calls closures of optimizers and custom gradients.
    private static bool IsCalledByNativeCode() => new StackTrace().GetFrames().Select(frame => frame.GetMethod()).OfType<MethodBase>().Any(method =>
        (method.Attributes.HasFlag(MethodAttributes.PinvokeImpl) && method.Module.Assembly != typeof(object).Assembly) || (method.Name == "ApplyFunc" && method.DeclaringType?.Namespace == "TorchSharp"));

    private static void Overflow() => throw new InsufficientExecutionStackException("The functions of the notebook call each other without end, or more deeply than the stack allows.");
}
