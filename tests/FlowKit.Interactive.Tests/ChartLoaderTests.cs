using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive.Tests;

[Collection(nameof(FlowKitExtension))]
public class ChartLoaderTests : IDisposable
{
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

    [Fact]
    public void Where_no_notebook_runs_loading_shows_nothing_and_every_type_is_there()
    {
        FlowKitExtension.Load();
        Assert.Null(NotebookHost.Show("anything"));
        Assert.False(NotebookHost.IsInteractiveKernel);
        Assert.Contains(typeof(InteractiveKernel), typeof(FlowKitExtension).Assembly.GetTypes());
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == "Microsoft.DotNet.Interactive");
    }

    public void Dispose() => NotebookHost.Display = null;            // forgets who had the script, too
}
