using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using FlowKit.Interactive.Formatting;
using FlowKit.Interactive.Rendering;
using FlowKit.Training;
using Plotly.NET;

namespace FlowKit.Interactive;

/// <summary>FlowKit in a notebook: from <see cref="Load"/> on, tensors, figures, trainings, result tables, charts and data frames show themselves.</summary>
/// <example><code>
/// FlowKitExtension.Load();      // the last line of notebooks/setup.cs
/// RealNvp.Create(features: 2)
/// </code></example>
public static class FlowKitExtension
{
    private static readonly Lock Gate = new();
    private static bool loaded;

    /// <summary>Registers the formatters, and below the cell puts what makes the notebook's charts interactive: 1.5 MB, in one place at a time.</summary>
    /// <remarks>Charts made with Plotly.NET are shown by whichever was loaded last, FlowKit or Plotly.NET.Interactive: calling this again takes them back.</remarks>
    /// <exception cref="InvalidOperationException">Plotly.NET was used in this kernel before FlowKit was loaded, and failed.</exception>
    public static void Load()
    {
        Register();
        ShowLoader();
    }

    /// <summary>What <c>#r "nuget: FlowKit.Interactive"</c> does in .NET Interactive: restores the libtorch of this system, unless it is there, and calls <see cref="Load"/>.</summary>
    /// <remarks>The package depends on no libtorch, since it cannot know the system. A CUDA build of it is for programs and for the flowkit command.</remarks>
    /// <exception cref="InvalidOperationException">The package of libtorch could not be restored, or the reason that <see cref="Load"/> gives.</exception>
    public static async Task LoadAsync()
    {
        if (NotebookHost.IsInteractiveKernel && !NativeFiles.HasTorch) await InteractiveKernel.Restore(NativeFiles.TorchPackage, NativeFiles.TorchVersion);
        Load();
    }

    /// <summary>What <see cref="Load"/> does besides showing something.</summary>
    internal static void Register()
    {
        lock (Gate)
        {
            if (!loaded)
            {
                bool isFirst = !AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == "Plotly.NET");
                AssemblyLoadContext.Default.Resolving += AnswerFSharpCore;
                if (!isFirst) TryPlotly();
            }
            loaded = true;
            RegisterFormatters();
            if (NotebookHost.Display is null && NotebookHost.IsInteractiveKernel) WatchKernel();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ShowLoader() => ChartLoader.Show();

    /// <summary>Trainings in .NET Interactive draw their loss below the cell; FlowKit's own programs watch them themselves.</summary>
    private static void WatchKernel()
    {
        InteractiveKernel.Watch();
        TrainingHost.Progress ??= new LiveLoss(NotebookHost.Show, TimeSpan.FromSeconds(0.5));
    }

    // Not inlined: Plotly.NET may be looked for only after the handler for FSharp.Core stands.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RegisterFormatters() => Formatters.Register();

    // What failed to begin once in a process never begins.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TryPlotly()
    {
        try
        {
            _ = PlotlyRenderer.Json(GenericChart.ofTraceObjects(true, Array.Empty<Trace>()));
        }
        catch (Exception e) when (e is TypeInitializationException or TypeLoadException or MissingMethodException or FileNotFoundException)
        {
            throw new InvalidOperationException("Plotly.NET was used before FlowKit was loaded, failed and stays broken: restart the kernel and load FlowKit first.", e);
        }
    }

    /// <summary>Plotly.NET asks for a newer FSharp.Core than a kernel has; the kernel's serves. Two would not: a list of the one is no list of the other.</summary>
    /// <remarks>The default context's event is raised before a kernel looks beside our libraries, where the newer file lies; AppDomain.AssemblyResolve only after that.</remarks>
    private static Assembly? AnswerFSharpCore(AssemblyLoadContext context, AssemblyName request)
    {
        if (request is not { Name: "FSharp.Core", Version: not null }) return null;
        try
        {
            return context.LoadFromAssemblyName(new AssemblyName(request.Name));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
