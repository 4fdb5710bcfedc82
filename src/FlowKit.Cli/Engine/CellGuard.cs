using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace FlowKit.Cli;

/// <summary>What the code of cells asks at each turn of a loop and at each call of its own functions: may it go on? <see cref="GuardedSyntax"/> puts the questions in.</summary>
/// <remarks>Not an abort of the thread, which may leave a lock of the runtime taken for ever, or end the process.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellGuard
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

    private static volatile OutputSink? stopping;

    [ThreadStatic]
    private static nint top;

    [ThreadStatic]
    private static nint floor;

    [ThreadStatic]
    private static bool isDeep;

    [ThreadStatic]
    private static Stack<nint>? catching;

    [ThreadStatic]
    private static (OutputSink Sink, long End) cleaning;

    [ThreadStatic]
    private static (nint Depth, long End) native;

    /// <summary>A loop of a cell turns.</summary>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    public static void Turn()
    {
        if (stopping is { } sink) Refuse(sink);
    }

    /// <summary>A function of a cell is called.</summary>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    /// <exception cref="InsufficientExecutionStackException">The functions call each other without end, or too deeply.</exception>
    public static void Call()
    {
        Turn();
        nint known = floor;
        if (known == 0 || Here() < known) Descend();
    }

    /// <summary>An async function of a cell is called.</summary>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    /// <exception cref="InsufficientExecutionStackException">The functions call each other without end, or too deeply.</exception>
    public static void CallAsync()
    {
        Call();
        if (top - Here() > MostAsyncStack) Overflow();
    }

    /// <summary>A function of a cell is called that catches exceptions.</summary>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    /// <exception cref="InsufficientExecutionStackException">The functions call each other without end, or too deeply.</exception>
    public static void CallCatching()
    {
        Call();
        nint here = Here();
        catching ??= new();
        while (catching.TryPeek(out nint last) && last <= here) catching.Pop();         // it has returned
        catching.Push(here);
        if (catching.Count > (isDeep ? MostCatching : MostCatchingElsewhere)) Overflow();
    }

    /// <summary>A part of a query is evaluated.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    public static T Part<T>(T value)
    {
        Turn();
        return value;
    }

    /// <summary>An object of a cell's class begins to make the objects it holds.</summary>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    /// <exception cref="InsufficientExecutionStackException">The classes make each other without end.</exception>
    public static bool Make()
    {
        Call();
        return true;
    }

    /// <summary>The value; what is <paramref name="made"/> first is <see cref="Make"/>.</summary>
    public static T Made<T>(bool made, T value) => value;

    /// <summary>This thread has a <see cref="DeepStack"/>.</summary>
    internal static void IsDeep() => isDeep = true;

    /// <summary>The cell with this sink shall end, on whichever threads and tasks it runs; null: none shall.</summary>
    internal static void Stop(OutputSink? sink) => stopping = sink;

    // Once for every stretch of the stack: what was there is there again.
    private static void Descend()
    {
        nint here = Here();
        if (top == 0) top = here;
        if (top - here > MostStack || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) Overflow();
        floor = here - Stretch;
    }

    private static void Refuse(OutputSink sink)
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

    private static nint Here()
    {
        byte here = 0;
        return Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref here);
    }
}
