using System.Runtime.CompilerServices;
using FlowKit.Training;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace FlowKit.Interactive;

/// <summary>The kernel of .NET Interactive around this process: Polyglot Notebooks, a Jupyter client or dotnet-repl.</summary>
/// <remarks>
/// FlowKit is compiled against the kernel and never ships it. In any other program its assembly is missing: no member may be called where
/// <see cref="NotebookHost.IsInteractiveKernel"/> is false, and no base type and no struct field here may name a type of the kernel.
/// </remarks>
internal static class InteractiveKernel
{
    // What was shown while no cell ran, by display id: the next cell shows it.
    private static readonly Dictionary<string, (object Value, bool IsNew)> late = [];
    private static readonly ConditionalWeakTable<object, object> watched = [];
    private static readonly Lock gate = new();
    private static WeakReference running = new(null);

    /// <summary>Below the running cell, or, while none runs, below the next one; what is returned replaces the value in its place.</summary>
    /// <remarks><c>display(x).Update(y)</c> does the same within its cell, and loses what comes after it.</remarks>
    public static Action<object> Show(object value)
    {
        string id = Guid.NewGuid().ToString();
        Post(id, value, isNew: true);
        return next => Post(id, next, isNew: false);
    }

    /// <summary>From now on each cell shows what came too late for the one before, and trainings stop when their cell is canceled.</summary>
    public static void Watch()
    {
        if (KernelInvocationContext.Current is not { } context) return;
        TrainingHost.CancellationOfCell = static () => TokenOf(KernelInvocationContext.Current);
        Begin(context);
        if (context.HandlingKernel?.RootKernel is not { } root || !watched.TryAdd(root, root)) return;
        root.AddMiddleware(async (command, running, next) =>
        {
            if (command is not SubmitCode)
            {
                await next(command, running);
                return;
            }
            Begin(running);
            LateFinalizers.BeginCell(thread: -1);
            try
            {
                await next(command, running);
            }
            finally
            {
                LateFinalizers.EndCell();
            }
        });
        JupyterInterrupt.Take(() => _ = root.SendAsync(new Cancel(), CancellationToken.None));
    }

    /// <summary>The running cell: one object for each time a cell runs, whatever it imports; null while none runs.</summary>
    public static object? Cell
    {
        get
        {
            var command = Running()?.Command;
            while (command?.Parent is { } parent) command = parent;
            return command;
        }
    }

    /// <summary>The text of a <see cref="Cell"/>, imports unread.</summary>
    public static string? CodeOf(object? cell) => (cell as SubmitCode)?.Code;

    /// <summary>References a package, as <c>#r "nuget: ..."</c> in a cell does.</summary>
    /// <exception cref="InvalidOperationException">It could not be restored.</exception>
    public static async Task Restore(string package, string version)
    {
        var restoring = Kernel.Root.SendAsync(new SubmitCode($"#r \"nuget: {package}, {version}\"", "csharp"), CancellationToken.None);
        await (Task)restoring;                  // not as it is: its awaiter, a struct of a type of the kernel, would be a field
        if (restoring.Result.Events.OfType<CommandFailed>().FirstOrDefault() is { } failed) throw new InvalidOperationException($"The package {package} {version} could not be restored: {failed.Message}");
    }

    // A failure cancels a cell, too: a training that outlives its cell must not hear of those that come later.
    private static CancellationToken TokenOf(KernelInvocationContext? context)
    {
        try
        {
            return context?.CancellationToken ?? CancellationToken.None;
        }
        catch (ObjectDisposedException)
        {
            return CancellationToken.None;          // of a cell that ended before the training began
        }
    }

    private static void Begin(KernelInvocationContext context)
    {
        lock (gate)
        {
            running = new(context);
            var waiting = late.ToArray();
            late.Clear();
            foreach (var (id, (value, isNew)) in waiting)
            {
                try
                {
                    Post(id, value, isNew);
                }
                catch (Exception e)
                {
                    Console.Error.WriteLine($"What a cell showed after its end could not be drawn: {e.Message}");
                }
            }
        }
        ChartLoader.ShowAgain();
    }

    private static void Post(string id, object value, bool isNew)
    {
        lock (gate)
        {
            // Drawing takes its time: only then is it known whether the cell still runs. What it drops as it ends is kept, too.
            var forms = Running() is null ? null : FormattedValue.CreateManyFromObject(value);
            var context = forms is null ? null : Running();
            context?.Publish(isNew ? new DisplayedValueProduced(value, context.Command, forms, id) : new DisplayedValueUpdated(value, id, context.Command, forms));
            if (context is null or { IsComplete: true }) late[id] = (value, isNew || late.TryGetValue(id, out var before) && before.IsNew);
        }
    }

    // The cell that the caller belongs to, or, where that has ended, the one that runs now.
    private static KernelInvocationContext? Running() =>
        KernelInvocationContext.Current is { IsComplete: false } own ? own
        : running.Target is KernelInvocationContext { IsComplete: false } other ? other
        : null;
}
