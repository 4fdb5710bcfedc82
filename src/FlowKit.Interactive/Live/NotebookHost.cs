namespace FlowKit.Interactive;

/// <summary>The program that runs the notebook, as far as showing values goes.</summary>
internal static class NotebookHost
{
    /// <summary>Shows a value below the running cell and returns what replaces it there. FlowKit's own engine sets this, once for each notebook.</summary>
    public static Func<object, Action<object>>? Display
    {
        get;
        set
        {
            field = value;
            ChartLoader.Forget();
        }
    }

    /// <summary>Whether a value can be replaced after its cell ended.</summary>
    public static bool ReachesEarlierCells => Display is not null;

    /// <summary>Whether a value shown now has a place.</summary>
    public static bool CanShow => Place is not null;

    private static Func<object, Action<object>>? Place => Display ?? DotNetInteractive.Display;

    /// <summary>Shows a value below the running cell; what is returned replaces it there. Null: there is no such cell.</summary>
    public static Action<object>? Show(object value) => Place?.Invoke(value);
}
