using System.Reflection;

namespace FlowKit.Interactive;

/// <summary>.NET Interactive, reached by reflection: FlowKit does not reference it.</summary>
/// <remarks>
/// <c>display(x).Update(y)</c> loses the place in its last versions; the value that <c>KernelInvocationContext.Current.Display</c> returns keeps it.
/// Outside a cell, and in any other program, there is no place to show anything.
/// </remarks>
internal static class DotNetInteractive
{
    private const string Kernel = "Microsoft.DotNet.Interactive";

    /// <summary>Whether this process is that kernel.</summary>
    public static bool IsLoaded => Loaded is not null;

    /// <summary>Shows a value below the running cell; null where no cell of that kernel runs.</summary>
    public static Func<object, Action<object>>? Display => Loaded is { } assembly ? In(assembly) : null;

    /// <summary>The running cell: one object for each time a cell runs, whatever it imports; null where no cell of that kernel runs.</summary>
    public static object? Cell
    {
        get
        {
            object? command = Loaded is { } assembly ? Read(Context(assembly), "Command") : null;
            while (Read(command, "Parent") is { } parent) command = parent;
            return command;
        }
    }

    /// <summary>The text of a <see cref="Cell"/>, imports unread.</summary>
    public static string? CodeOf(object? cell) => Read(cell, "Code") as string;

    /// <summary>The kernel's assembly; another one for tests.</summary>
    internal static Assembly? Loaded
    {
        get => field ?? AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => assembly.GetName().Name == Kernel);
        set;
    }

    private static Func<object, Action<object>>? In(Assembly assembly)
    {
        object? context = Context(assembly);
        var display = assembly.GetType($"{Kernel}.KernelInvocationContextExtensions")?
            .GetMethods(BindingFlags.Public | BindingFlags.Static)
            .FirstOrDefault(method => method.Name == "Display" && method.GetParameters() is [_, { ParameterType: var value }, { ParameterType: var mimes }]
                && value == typeof(object) && mimes == typeof(string[]));
        if (context is null || display is null) return null;

        return value =>
        {
            object? shown = display.Invoke(null, [context, value, Array.Empty<string>()]);
            var update = shown?.GetType().GetMethod("Update", [typeof(object)]);
            return next => update?.Invoke(shown, [next]);
        };
    }

    private static object? Context(Assembly assembly) =>
        assembly.GetType($"{Kernel}.KernelInvocationContext")?.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);

    private static object? Read(object? from, string property) =>
        from?.GetType().GetProperty(property, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)?.GetValue(from);
}
