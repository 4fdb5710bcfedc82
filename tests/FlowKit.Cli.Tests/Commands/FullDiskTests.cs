using FlowKit.Tests;

namespace FlowKit.Cli.Tests;

public sealed class FullDiskTests : IDisposable
{
    private readonly SmallDisk disk = new(1 << 20);
    private readonly Workspace work = new();

    public void Dispose()
    {
        work.Dispose();
        disk.Dispose();
    }

    [Fact]
    public void A_run_ends_with_the_file_and_the_cause_and_keeps_the_outputs_before()
    {
        string book = disk["book.ipynb"];
        File.Move(work.Notebook("1", $"{Filling} 2", "3"), book);
        Assert.Equal(1, work.Invoke("run", book));
        Assert.Contains($"flowkit: {book}: cannot be written: No space left on device", work.Error);
        Assert.Equal(["book.ipynb"], disk.Files);

        disk.Free();
        File.Copy(book, work["book.ipynb"], overwrite: true);
        var cells = work.Read("book.ipynb")["cells"]!.AsArray();
        Assert.Equal(["value:1"], cells[0]!["outputs"]!.AsArray().Words());
        Assert.Empty(cells[1]!["outputs"]!.AsArray());
    }

    [Fact]
    public void Results_that_do_not_fit_fail_their_cell_by_name_and_leave_nothing()
    {
        string[] cells = ["var e = FlowKit.Experiments.Experiment.Start(\"results\");", Filling, "e.AssertClaims()"];
        Assert.Equal(1, work.Invoke("run", work.Notebook(cells), "--results", disk.Folder));
        Assert.Contains("No space left on device", work.Error);
        Assert.DoesNotContain(disk.Files, file => file.Contains("results", StringComparison.Ordinal));
    }

    // Writes until no byte fits.
    private string Filling =>
        $"try {{ using (var file = new System.IO.FileStream(@\"{disk["filler"]}\", System.IO.FileMode.Append, System.IO.FileAccess.Write, System.IO.FileShare.None, 0)) while (true) file.Write(new byte[512]); }} catch (System.IO.IOException) {{ }}";
}
