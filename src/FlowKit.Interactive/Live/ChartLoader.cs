using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive;

/// <summary>The one place in a notebook where <see cref="PlotlyLoader"/> lies, though every cell that loads FlowKit asks for it.</summary>
/// <remarks>
/// A cell that runs again has lost its output, and so has every cell after a restart: the cell that asks last gets the loader, and the place that had it is emptied.
/// In Polyglot Notebooks no place below an earlier cell can be reached; in .NET Interactive the loader comes again only to the cell that had it.
/// </remarks>
internal static class ChartLoader
{
    private const string Words = "interactive charts are on";

    private static readonly Lock gate = new();
    private static Action<object>? replace;
    private static object? cell;

    /// <summary>Puts it below the running cell, if there is one.</summary>
    public static void Show()
    {
        lock (gate)
        {
            if (NotebookHost.Display is not null) replace?.Invoke(new HtmlOutput("", Words));
            else if (!NotebookHost.IsInteractiveKernel || !IsWantedIn(InteractiveKernel.Cell)) return;
            replace = NotebookHost.Show(new HtmlOutput(PlotlyLoader.Html, Words));
        }
    }

    /// <summary>Puts it below a cell of .NET Interactive that had it and runs again: that its first line references a package is no news to the kernel, and loads nothing.</summary>
    public static void ShowAgain()
    {
        lock (gate)
            if (cell is not null && NotebookHost.Display is null && InteractiveKernel.Cell is { } running && InteractiveKernel.CodeOf(running) == InteractiveKernel.CodeOf(cell)) Show();
    }

    // Not where this run of the cell has it already, or another cell has it.
    private static bool IsWantedIn(object? running)
    {
        if (running is null || cell is not null && (ReferenceEquals(running, cell) || InteractiveKernel.CodeOf(running) != InteractiveKernel.CodeOf(cell))) return false;
        cell = running;
        return true;
    }

    /// <summary>Another notebook begins: nothing of it has the loader.</summary>
    public static void Forget()
    {
        lock (gate) (replace, cell) = (null, null);
    }
}
