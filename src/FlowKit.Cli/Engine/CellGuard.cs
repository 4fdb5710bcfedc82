using System.ComponentModel;

namespace FlowKit.Cli;

/// <summary>The checks that a cell's code makes at each iteration of a loop and at each call of its own functions: may it continue? <see cref="GuardedSyntax"/> inserts them.</summary>
/// <remarks>
/// A thread is not aborted, which may leave a lock of the runtime held forever, or end the process. Generated code calls these methods without an
/// object at hand, so two statics remain: the cell that is being stopped, and the state of each thread.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellGuard
{
    private static volatile OutputSink? stopping;

    [ThreadStatic]
    private static GuardedThread? thread;

    /// <summary>A loop of a cell begins an iteration.</summary>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    public static void Turn()
    {
        if (stopping is { } sink) Thread.Refuse(sink);
    }

    /// <summary>A function of a cell is called.</summary>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    /// <exception cref="InsufficientExecutionStackException">The functions call each other without end, or too deeply.</exception>
    public static void Call()
    {
        Turn();
        if (thread is not { } known || GuardedThread.Here() < known.Floor) Thread.Descend();
    }

    /// <summary>An async function of a cell is called.</summary>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    /// <exception cref="InsufficientExecutionStackException">The functions call each other without end, or too deeply.</exception>
    public static void CallAsync()
    {
        Call();
        Thread.CheckAsync();
    }

    /// <summary>A function of a cell that catches exceptions is called.</summary>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    /// <exception cref="InsufficientExecutionStackException">The functions call each other without end, or too deeply.</exception>
    public static void CallCatching()
    {
        Call();
        Thread.CheckCatching();
    }

    /// <summary>A condition or a selection of a query is evaluated.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    public static T Part<T>(T value)
    {
        Turn();
        return value;
    }

    /// <summary>An object of a cell's class begins to create the objects it holds.</summary>
    /// <exception cref="OperationCanceledException">The cell is being stopped.</exception>
    /// <exception cref="InsufficientExecutionStackException">The classes create each other without end.</exception>
    public static bool Make()
    {
        Call();
        return true;
    }

    /// <summary>The value; what is evaluated before it, as <paramref name="made"/>, is <see cref="Make"/>.</summary>
    public static T Made<T>(bool made, T value) => value;

    /// <summary>This thread has a <see cref="DeepStack"/>.</summary>
    internal static void IsDeep() => thread = new(isDeep: true);

    /// <summary>Requests the end of the cell with this sink, on all its threads and tasks; null: no cell is to end.</summary>
    internal static void Stop(OutputSink? sink) => stopping = sink;

    private static GuardedThread Thread => thread ??= new(isDeep: false);
}
