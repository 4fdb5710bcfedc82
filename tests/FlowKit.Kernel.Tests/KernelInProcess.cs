using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;

namespace FlowKit.Kernel.Tests;

/// <summary>.NET Interactive's own C# kernel in this process, with FlowKit loaded as a notebook loads it.</summary>
public sealed class KernelInProcess : IDisposable
{
    /// <summary>The first cell.</summary>
    public const string Opening = """
        using System; using System.Linq; using System.Threading; using System.Threading.Tasks;
        using FlowKit; using FlowKit.Data; using FlowKit.Distributions; using FlowKit.Experiments; using FlowKit.Interactive; using FlowKit.Models; using FlowKit.Training;
        using Microsoft.Data.Analysis; using TorchSharp; using static TorchSharp.torch;
        FlowKitExtension.Load(); manual_seed(1);
        """;

    private readonly CompositeKernel root;

    public KernelInProcess()
    {
        var csharp = new CSharpKernel().UseKernelHelpers().UseValueSharing();
        csharp.AddAssemblyReferences(new[] { "FlowKit", "FlowKit.Interactive", "TorchSharp", "Microsoft.Data.Analysis", "Plotly.NET", "Plotly.NET.CSharp", "FSharp.Core" }
            .Select(name => Path.Combine(AppContext.BaseDirectory, $"{name}.dll")));
        root = new CompositeKernel { csharp, new CSharpKernel("other").UseValueSharing() };
        root.DefaultKernelName = "csharp";
        Run(Opening).GetAwaiter().GetResult();
    }

    /// <summary>What a cell shows, in order; a cell that fails is a failed assertion.</summary>
    public async Task<IReadOnlyList<DisplayEvent>> Run(string code)
    {
        var events = await Send(code);
        Assert.Empty(events.OfType<CommandFailed>().Select(failed => failed.Message));
        return [.. events.OfType<DisplayEvent>()];
    }

    /// <summary>Everything that a cell brings about.</summary>
    public async Task<IReadOnlyList<KernelEvent>> Send(string code) =>
        [.. (await root.SendAsync(new SubmitCode(code), TestContext.Current.CancellationToken)).Events];

    /// <summary>What the stop button of a notebook does.</summary>
    public Task Stop() => root.SendAsync(new Cancel(), TestContext.Current.CancellationToken);

    public void Dispose() => root.Dispose();
}
