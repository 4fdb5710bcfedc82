using System.Reflection;
using System.Runtime.CompilerServices;
using FlowKit.Interactive.Formatting;
using FlowKit.Training;

namespace FlowKit.Interactive;

/// <summary>FlowKit in a notebook: from <see cref="Load"/> on, tensors, figures, trainings, result tables, charts and data frames show themselves.</summary>
public static class FlowKitExtension
{
    private static readonly Lock Gate = new();
    private static bool loaded;

    /// <summary>Registers the formatters, and below the cell puts what makes the notebook's charts interactive: 1.5 MB, in one place at a time.</summary>
    public static void Load()
    {
        Register();
        ShowLoader();
    }

    /// <summary>What <see cref="Load"/> does besides showing something; once is enough.</summary>
    internal static void Register()
    {
        lock (Gate)
        {
            if (!loaded)
            {
                AppDomain.CurrentDomain.AssemblyResolve += AnswerFSharpCore;
                RegisterFormatters();
                WatchTrainings();
            }
            loaded = true;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ShowLoader() => ChartLoader.Show();

    /// <summary>Trainings in .NET Interactive draw their loss below the cell; FlowKit's own programs watch them themselves.</summary>
    private static void WatchTrainings()
    {
        if (TrainingHost.Progress is null && DotNetInteractive.IsLoaded) TrainingHost.Progress = new LiveLoss(NotebookHost.Show, TimeSpan.FromSeconds(0.5));
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
