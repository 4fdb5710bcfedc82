using System.Diagnostics;

namespace FlowKit.Cli.Tests;

public sealed class ProcessTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void The_process_runs_a_notebook_and_its_exit_code_tells_the_outcome()
    {
        using var process = FlowkitProcess.Start("run", work.Notebook("1", "throw new Exception(\"x\");"));
        Assert.Contains("cell 2, line 1: Exception: x", process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Equal(["value:1"], work.Read("book.ipynb")["cells"]![0]!["outputs"]!.AsArray().Words());
    }

    [Fact]
    public void An_exception_in_a_thread_of_a_cell_does_not_end_the_process()
    {
        using var process = FlowkitProcess.Start("run", work.Notebook("var t = new System.Threading.Thread(() => throw new Exception(\"aside\")); t.Start(); t.Join(); System.Threading.Thread.Sleep(200);", "2"));
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(["stderr:Unhandled in a thread of this cell: Exception: aside\n"], work.Read("book.ipynb")["cells"]![0]!["outputs"]!.AsArray().Words());
    }

    [Fact]
    public void A_cell_that_ends_the_process_does_not_look_like_success_and_loses_no_earlier_output()
    {
        using var process = FlowkitProcess.Start("run", work.Notebook("1", "Environment.Exit(0);", "3"));
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("a cell ended the process", error);
        Assert.Equal(["value:1"], work.Read("book.ipynb")["cells"]![0]!["outputs"]!.AsArray().Words());
    }

    [Fact]
    public void A_cell_that_aborts_the_process_loses_no_earlier_output()
    {
        using var process = FlowkitProcess.Start("run", work.Notebook("1", "Environment.FailFast(\"gone\");"));
        process.WaitForExit();
        Assert.NotEqual(0, process.ExitCode);
        Assert.Equal(["value:1"], work.Read("book.ipynb")["cells"]![0]!["outputs"]!.AsArray().Words());
    }

    [Fact]
    public void A_cell_that_hangs_in_native_code_is_given_up_and_recorded()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix system.");

        // A thread that locks a mutex twice waits for itself; no signal wakes it.
        string cell = """
            using System.Runtime.InteropServices;
            [DllImport("libc")] static extern int pthread_mutex_lock(nint mutex);
            nint mutex = Marshal.AllocHGlobal(256);
            for (int i = 0; i < 256; i++) Marshal.WriteByte(mutex, i, 0);
            pthread_mutex_lock(mutex);
            pthread_mutex_lock(mutex);
            """;
        var clock = Stopwatch.StartNew();
        using var process = FlowkitProcess.Start("run", work.Notebook(cell, "2"), "--timeout", "0.5", "--allow-errors");
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.InRange(clock.Elapsed.TotalSeconds, 6, 25);
        var cells = work.Read("book.ipynb")["cells"]!.AsArray();
        Assert.Contains("hangs in the code of a library", cells[0]!["outputs"]!.AsArray().Words()[0]);
        Assert.Null(cells[1]!["execution_count"]);
    }

    [Fact]
    public void A_thread_of_a_cell_ends_with_it_and_not_the_process()
    {
        using var process = FlowkitProcess.Start("run", work.Notebook("var t = new Thread(() => { while (true) { } }); t.Start(); t.Join();", "t.IsAlive"), "--timeout", "0.5", "--allow-errors");
        process.WaitForExit();
        var cells = work.Read("book.ipynb")["cells"]!.AsArray();
        Assert.Equal(["error:TimeoutException:The cell ran longer than 0.5 s and was stopped."], cells[0]!["outputs"]!.AsArray().Words());
        Assert.Equal(["value:False"], cells[1]!["outputs"]!.AsArray().Words());
    }

    [Fact]
    public void A_thread_that_a_cell_left_behind_does_not_keep_the_process()
    {
        using var process = FlowkitProcess.Start("run", work.Notebook("new Thread(() => Thread.Sleep(-1)).Start(); 7"));
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(["value:7"], work.Read("book.ipynb")["cells"]![0]!["outputs"]!.AsArray().Words());
    }

    [Fact]
    public void Ctrl_C_saves_the_notebook_and_exits_with_130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix system.");

        using var process = FlowkitProcess.Start("run", work.Notebook("Console.Write(1);", "File.WriteAllText(\"started\", \"\"); while (true) { }"));
        while (!File.Exists(work["started"]) && !process.HasExited) Thread.Sleep(50);
        using var signal = Process.Start("kill", ["-INT", $"{process.Id}"]);
        if (!process.WaitForExit(TimeSpan.FromMinutes(1))) process.Kill();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        var cells = work.Read("book.ipynb")["cells"]!.AsArray();
        Assert.Equal(["stdout:1"], cells[0]!["outputs"]!.AsArray().Words());
        Assert.Equal(["error:Interrupted:The cell was interrupted."], cells[1]!["outputs"]!.AsArray().Words());
    }
}
