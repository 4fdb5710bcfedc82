using FlowKit.Interactive.Rendering;
using Microsoft.DotNet.Interactive;

namespace FlowKit.Interactive.Tests;

[Collection(nameof(FlowKitExtension))]
public class DotNetInteractiveTests : IDisposable
{
    private static Func<object, Action<object>>? Display => DotNetInteractive.In(typeof(DotNetInteractiveTests).Assembly);

    [Fact]
    public void A_value_is_shown_in_the_running_cell_and_replaced_in_its_place()
    {
        KernelInvocationContext.Current = new();
        var update = Display!("a");
        Display!("b");
        update("c");
        Assert.Equal(["c", "b"], KernelInvocationContext.Current.Shown);
    }

    [Fact]
    public void Outside_a_cell_there_is_no_place() => Assert.Null(Display);

    [Fact]
    public void An_assembly_without_the_kernel_has_no_place() => Assert.Null(DotNetInteractive.In(typeof(string).Assembly));

    [Fact]
    public void Loading_in_a_cell_puts_the_charts_script_below_it_each_time()
    {
        var shown = new List<object>();
        NotebookHost.Display = value => { shown.Add(value); return _ => { }; };
        FlowKitExtension.Load();
        FlowKitExtension.Load();
        Assert.Equal(2, shown.Count);
        Assert.All(shown, value => Assert.Contains(PlotlyLoader.Mark, Assert.IsType<HtmlOutput>(value).Html));
    }

    public void Dispose()
    {
        KernelInvocationContext.Current = null;
        NotebookHost.Display = null;
    }
}
