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

    /// <summary>Whether this process is a kernel of .NET Interactive.</summary>
    public static bool IsInteractiveKernel => AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == "Microsoft.DotNet.Interactive");

    /// <summary>Shows a value below the running cell; what is returned replaces it there. Null: this process runs no notebook.</summary>
    public static Action<object>? Show(object value) =>
        Display is { } display ? display(value)
        : IsInteractiveKernel ? InteractiveKernel.Show(value)
        : null;
}
