using FlowKit.Interactive.Rendering;
using Microsoft.DotNet.Interactive;

namespace FlowKit.Interactive.Tests;

[Collection(nameof(FlowKitExtension))]
public class DotNetInteractiveTests : IDisposable
{
    public DotNetInteractiveTests()
    {
        FlowKitExtension.Register();            // in no kernel: what happens once must not see this one
        DotNetInteractive.Loaded = typeof(DotNetInteractiveTests).Assembly;
    }

    [Fact]
    public void A_value_is_shown_in_the_running_cell_and_replaced_in_its_place()
    {
        KernelInvocationContext.Current = new();
        var update = DotNetInteractive.Display!("a");
        DotNetInteractive.Display!("b");
        update("c");
        Assert.Equal(["c", "b"], KernelInvocationContext.Current.Shown);
    }

    [Fact]
    public void Outside_a_cell_there_is_no_place() => Assert.Null(DotNetInteractive.Display);

    [Fact]
    public void An_assembly_without_the_kernel_has_no_place()
    {
        DotNetInteractive.Loaded = typeof(string).Assembly;
        Assert.Null(DotNetInteractive.Display);
        Assert.Null(DotNetInteractive.Cell);
    }

    [Fact]
    public void Loading_puts_the_charts_script_below_one_cell_and_below_it_again_when_that_runs_again()
    {
        KernelInvocationContext.Current = new();
        SubmitCode first = new("#!import setup.cs"), second = new("FlowKitExtension.Load();"), again = new("#!import setup.cs");
        int[] counts = [.. new[] { new SubmitCode("using System;", first), new SubmitCode("using System;", first), second, again }.Select(command =>
        {
            KernelInvocationContext.Current.Command = command;
            FlowKitExtension.Load();
            return KernelInvocationContext.Current.Shown.Count;
        })];
        Assert.Equal([1, 1, 1, 2], counts);
        Assert.All(KernelInvocationContext.Current.Shown, value => Assert.Contains(PlotlyLoader.Mark, Assert.IsType<HtmlOutput>(value).Html));
    }

    [Fact]
    public void Loading_again_moves_the_charts_script_and_never_doubles_it()
    {
        List<HtmlOutput> shown = [];
        NotebookHost.Display = value =>
        {
            int at = shown.Count;
            shown.Add((HtmlOutput)value);
            return next => shown[at] = (HtmlOutput)next;
        };
        foreach (int calls in new[] { 1, 2, 3 })
        {
            FlowKitExtension.Load();
            Assert.Equal(calls, shown.Count);
            Assert.Contains(PlotlyLoader.Mark, shown[^1].Html);
            Assert.All(shown.SkipLast(1), output => Assert.Equal("", output.Html));
        }
    }

    public void Dispose()
    {
        KernelInvocationContext.Current = null;
        DotNetInteractive.Loaded = null;
        NotebookHost.Display = null;            // forgets who had the script, too
    }
}
