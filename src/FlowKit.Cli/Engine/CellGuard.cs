using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowKit.Cli;

/// <summary>What the code of cells asks at each turn of a loop and at each call of its own functions: may it go on? <see cref="GuardedSyntax"/> puts the questions in.</summary>
/// <remarks>Not an abort of the thread, which may leave a lock of the runtime taken for ever, or end the process.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellGuard
{
    // An exception's way up through more frames than fit in here takes longer than a reader waits; async functions throw it anew at each.
    private const int MostStack = 16 << 20, MostAsyncStack = 1 << 20;

    private static volatile OutputSink? stopping;

    [ThreadStatic]
    private static nint top;

    /// <summary>A loop of a cell turns.</summary>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    public static void Turn()
    {
        if (stopping is { } sink) Refuse(sink);
    }

    /// <summary>A function of a cell is called.</summary>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    /// <exception cref="InsufficientExecutionStackException">The functions call each other without end, or too deeply.</exception>
    public static void Call() => Call(MostStack);

    /// <summary>An async function of a cell is called.</summary>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    /// <exception cref="InsufficientExecutionStackException">The functions call each other without end, or too deeply.</exception>
    public static void CallAsync() => Call(MostAsyncStack);

    /// <summary>From here, the functions that this thread calls have their part of its stack.</summary>
    internal static void Measure() => top = Here();

    /// <summary>The cell with this sink shall end, on whichever threads and tasks it runs; null: none shall.</summary>
    internal static void Stop(OutputSink? sink) => stopping = sink;

    private static void Call(int most)
    {
        Turn();
        if (top == 0 ? !RuntimeHelpers.TryEnsureSufficientExecutionStack() : top - Here() > most) Overflow();
    }

    private static void Refuse(OutputSink sink)
    {
        if (ReferenceEquals(sink, OutputSink.Current)) throw new CellStoppedException();
    }

    private static void Overflow() => throw new InsufficientExecutionStackException("The functions of the notebook call each other without end, or more deeply than the stack allows.");

    private static nint Here()
    {
        byte here = 0;
        return Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref here);
    }
}
