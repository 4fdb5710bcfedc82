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
    public static bool IsLoaded => Find() is not null;

    /// <summary>Shows a value below the running cell; null where no cell of that kernel runs.</summary>
    public static Func<object, Action<object>>? Display => Find() is { } assembly ? In(assembly) : null;

    /// <summary>The same in an assembly that has the kernel's types.</summary>
    internal static Func<object, Action<object>>? In(Assembly assembly)
    {
        object? context = assembly.GetType($"{Kernel}.KernelInvocationContext")?.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
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

    private static Assembly? Find() => AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => assembly.GetName().Name == Kernel);
}
