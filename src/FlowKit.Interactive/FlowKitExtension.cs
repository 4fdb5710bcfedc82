using System.Reflection;
using System.Runtime.CompilerServices;
using FlowKit.Interactive.Formatting;

namespace FlowKit.Interactive;

/// <summary>FlowKit in a notebook: from <see cref="Load"/> on, tensors, figures, trainings, result tables, charts and data frames show themselves.</summary>
public static class FlowKitExtension
{
    private static readonly Lock Gate = new();
    private static bool loaded;

    /// <summary>Registers the formatters. Calling it again does nothing.</summary>
    public static void Load()
    {
        lock (Gate)
        {
            if (loaded) return;
            AppDomain.CurrentDomain.AssemblyResolve += AnswerFSharpCore;
            RegisterFormatters();
            loaded = true;
        }
    }

    // Not inlined: Plotly.NET may be looked for only after the handler for FSharp.Core stands.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RegisterFormatters() => Formatters.Register();

    /// <summary>Plotly.NET asks for a newer FSharp.Core than a kernel may have loaded; the loaded one serves.</summary>
    private static Assembly? AnswerFSharpCore(object? sender, ResolveEventArgs request) =>
        new AssemblyName(request.Name).Name == "FSharp.Core"
            ? AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => assembly.GetName().Name == "FSharp.Core")
            : null;
}
