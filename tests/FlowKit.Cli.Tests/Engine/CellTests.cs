using System.Diagnostics;

namespace FlowKit.Cli.Tests;

public sealed class CellTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Theory]
    [InlineData("var x = 41;\nx + 1", "value:42")]
    [InlineData("return 42;", "value:42")]
    [InlineData("\"text\"", "value:text")]
    [InlineData("await Task.FromResult(7)", "value:7")]
    [InlineData("string s = null; s", "value:<null>")]
    [InlineData("3.5", "value:3.5")]
    [InlineData("display(5); HTML(\"<b>x</b>\").Display(); 6", "display:5", "display:<b>x</b>", "value:6")]
    [InlineData("var d = display(1); d.Update(2);", "display:2")]
    [InlineData("Console.Write(1); Console.WriteLine(2); Console.Error.Write('e'); Console.Write(3);", "stdout:12\n", "stderr:e", "stdout:3")]
    [InlineData("#!csharp\n1", "value:1")]
    [InlineData("#!markdown\n# Title", "display:# Title")]
    [InlineData("object o = 5; o.Display(); \"<b>x</b>\".DisplayAs(\"text/html\"); var place = 6.Display(); place.Update(7);", "display:5", "display:<b>x</b>", "display:7")]
    [InlineData("1.Display();\n#!markdown\nDon't {\n#!html\n<b>\"</b>\n\n#!csharp\n2", "display:1", "display:Don't {", "display:<b>\"</b>", "value:2")]
    [InlineData("#!csharp\n\n3", "value:3")]
    [InlineData("\"\"\"\n#!nothing\n\"\"\"", "value:#!nothing")]
    [InlineData("/*\n#!nothing\n*/ 1", "value:1")]
    [InlineData("Console.ReadLine() ?? \"end\"", "value:end")]
    [InlineData("var a = 1;")]
    [InlineData("Console.Write(\"\")")]
    public void A_cell_shows(string code, params string[] expected) => Assert.Equal(expected, work.Run([code])[0].Words());

    [Theory]
    [InlineData("using System.Text;")]
    [InlineData("using System.Text; // for the builder")]
    public void A_cell_of_usings_runs_and_its_usings_last(string usings)
    {
        var outputs = work.Run([usings, "new StringBuilder().Append(1).ToString()"]);
        Assert.Empty(outputs[0]);
        Assert.Equal(["value:1"], outputs[1].Words());
    }

    [Fact]
    public void A_cell_of_remarks_shows_nothing_and_breaks_nothing()
    {
        var outputs = work.Run(["var x = 1;", "// nothing but a remark", "x"]);
        Assert.Empty(outputs[1]);
        Assert.Equal(["value:1"], outputs[2].Words());
    }

    [Fact]
    public void A_using_of_nothing_is_an_error_of_its_line() =>
        Assert.Contains("CS0246", work.Run(["\nusing No.Such.Space;"])[0].Words()[0]);

    [Fact]
    public void Half_a_character_becomes_a_mark_and_the_notebook_is_read_again()
    {
        work.Invoke("run", work.Notebook("\"a\\ud83d\"[1].ToString()", "\"\\ud83d\\ude00\""));
        var cells = work.Read("book.ipynb")["cells"]!.AsArray();
        Assert.Equal(["value:\ufffd"], cells[0]!["outputs"]!.AsArray().Words());
        Assert.Equal(["value:\ud83d\ude00"], cells[1]!["outputs"]!.AsArray().Words());
        Assert.Equal(0, work.Invoke("run", work["book.ipynb"]));
    }

    [Fact]
    public void Variables_functions_types_and_usings_last_until_redefined()
    {
        var outputs = work.Run(["using System.Text;\nint x = 1; int f(int y) => x + y; record P(int A);", "x = 5; f(1)", "string x = \"new\"; new StringBuilder(x).Append(new P(3).A)\n.ToString()", "x"]);
        Assert.Equal(["value:6"], outputs[1].Words());
        Assert.Equal(["value:new3"], outputs[2].Words());
        Assert.Equal(["value:new"], outputs[3].Words());
    }

    [Fact]
    public void An_await_returns_to_the_same_thread_with_a_deep_stack()
    {
        var outputs = work.Run(
        [
            "int before = System.Environment.CurrentManagedThreadId; await Task.Delay(5); await Task.Run(() => 1); before == System.Environment.CurrentManagedThreadId",
            "int deep(int n) => n == 0 ? 0 : 1 + deep(n - 1); deep(100_000)",
            "before == System.Environment.CurrentManagedThreadId",
        ]);
        Assert.Equal(["value:True", "value:100000", "value:True"], outputs.SelectMany(Outputs.Words));
    }

    [Fact]
    public void Output_of_tasks_and_threads_lands_in_their_cell_and_late_output_in_none()
    {
        var outputs = work.Run(
        [
            "var gate = new TaskCompletionSource(); var late = Task.Run(async () => { await gate.Task; Console.WriteLine(\"late\"); display(1); });\nvar t = new System.Threading.Thread(() => Console.Write(\"thread \")); t.Start(); t.Join(); await Task.Run(() => Console.Write(\"task \")); Parallel.For(0, 3, _ => Console.Write('p'));",
            "gate.SetResult(); await late; Console.Write(\"second\");",
        ]);
        Assert.Equal(["stdout:thread task ppp"], outputs[0].Words());
        Assert.Equal(["stdout:second"], outputs[1].Words());
    }

    [Fact]
    public void An_exception_names_its_type_message_and_line_and_keeps_what_was_assigned()
    {
        var outputs = work.Run(["int f(int y)\n{\n    throw new InvalidOperationException($\"no {y}\");\n}", "int kept = 1;\nkept = 2;\n\nf(3);", "kept"], "--allow-errors");
        Assert.Equal(["error:InvalidOperationException:no 3"], outputs[1].Words());
        Assert.Equal(["InvalidOperationException: no 3", "   at f(Int32 y) in cell 1, line 3", "   at cell 2, line 4"], outputs[1][0]!.Traceback());
        Assert.Contains("book.ipynb, cell 2, line 4: InvalidOperationException: no 3", work.Error);
        Assert.Equal(["value:2"], outputs[2].Words());
    }

    [Fact]
    public void An_exception_after_an_await_and_one_in_a_task_know_their_cell()
    {
        work.Run(["await Task.Delay(1);\nthrow new ArgumentException(\"a\");", "\nawait Task.Run(() => throw new NotSupportedException(\"b\"));"], "--allow-errors");
        Assert.Contains("cell 1, line 2: ArgumentException: a", work.Error);
        Assert.Contains("cell 2, line 2: NotSupportedException: b", work.Error);
    }

    [Fact]
    public void Every_compile_error_has_its_line()
    {
        var outputs = work.Run(["int a = 1;\nint b = zz;\n\nint c = qq;"]);
        Assert.Equal(1, work.ExitCode);
        Assert.Equal(["error:CompilationError:2 compile errors."], outputs[0].Words());
        Assert.Contains("cell 1, line 2: error CS0103: The name 'zz'", work.Error);
        Assert.Contains("cell 1, line 4: error CS0103: The name 'qq'", work.Error);
    }

    [Fact]
    public void A_cell_that_does_not_compile_leaves_the_session_as_it_was()
    {
        var outputs = work.Run(["int x = 1;", "int x = nope;", "x"], "--allow-errors");
        Assert.Equal(["value:1"], outputs[2].Words());
    }

    [Theory]
    [InlineData("#!fsharp\nlet x = 1", "'#!fsharp' switches to F#", "C# only")]
    [InlineData("#!pwsh\nls", "'#!pwsh'", "PowerShell")]
    [InlineData("#!sql\nselect 1", "'#!sql'", "queries")]
    [InlineData("#!javascript", "'#!javascript'", "C# only")]
    [InlineData("#!share --from fsharp x", "'#!share'", "use a variable")]
    [InlineData("#!set --name x --value 1", "'#!set'", "use a variable")]
    [InlineData("#!value --name x", "'#!value'", "use a variable")]
    [InlineData("#!nonsense", "'#!nonsense' is not known", "#!time")]
    [InlineData("#!import", "expects a .cs, .dib or .ipynb file", "no file is named")]
    [InlineData("#!import x.txt", "reads a .cs, .dib or .ipynb file", "'x.txt'")]
    [InlineData("#!import nope.cs", "no file", "'nope.cs'")]
    [InlineData("#r \"lib/nope.dll\"", "CS0006", "#r found no file 'lib/nope.dll'")]
    [InlineData("#r \"nuget: No pe, 1.0\"", "#r expects \"nuget: NAME\"", "it was \"nuget: No pe, 1.0\"")]
    [InlineData("#r \"nuget: Nope, new\"", "#r expects", "NAME, VERSION")]
    [InlineData("#i \"nuget: ./nowhere\"", "#i expects", "no folder './nowhere'")]
    [InlineData("#load \"nope.csx\"", "CS1504", "nope.csx")]
    public void What_the_engine_cannot_do_is_an_error_of_that_cell(string code, string first, string second)
    {
        var outputs = work.Run([code, "1"], "--allow-errors");
        Assert.Contains("cell 1, line 1: ", work.Error);
        Assert.Contains(first, work.Error);
        Assert.Contains(second, work.Error);
        Assert.Equal(["value:1"], outputs[1].Words());
    }

    [Fact]
    public void A_cell_of_another_language_is_refused()
    {
        var cell = Workspace.Code("let x = 1");
        cell["metadata"]!["dotnet_interactive"] = new System.Text.Json.Nodes.JsonObject { ["language"] = "fsharp" };
        Assert.Equal(1, work.Invoke("run", work.Write("f.ipynb", Workspace.Document(cell).ToJsonString())));
        Assert.Contains("f.ipynb, cell 1: The cell's language is 'fsharp'; FlowKit's engine runs C# only.", work.Error);
    }

    [Theory]
    [InlineData("var t = DateTime.Now;\n[Obsolete(\"old\")] int f() => 1;\nf()", "stderr:line 3: warning CS0618: 'f()' is obsolete: 'old'\n", "value:1")]
    [InlineData("int g()\n{\n    return 1;\n    Console.Write(2);\n}\ng()", "stderr:line 4: warning CS0162: Unreachable code detected\n", "value:1")]
    [InlineData("#pragma warning disable CS0162\nint g() { return 1; Console.Write(2); }\ng()", "value:1")]
    [InlineData("int i = 9;\nwhile (i < 5);\n{ i++; }", "stderr:line 2: warning CS0642: Possible mistaken empty statement\n")]
    [InlineData("using System;\nusing System;\nvoid h() { int unused = 1; } string? s = null;")]
    public void Warnings_about_what_a_cell_does_are_shown(string code, params string[] expected) => Assert.Equal(expected, work.Run([code])[0].Words());

    [Fact]
    public void A_timed_cell_says_how_long_it_took()
    {
        string[] words = work.Run(["#!time\nawait Task.Delay(30);\n7"])[0].Words();
        Assert.Equal("value:7", words[0]);
        Assert.Matches("^stdout:Wall time: [0-9.]+ m?s\n$", words[1]);
    }

    [Fact]
    public void A_flood_of_text_is_cut_with_one_notice()
    {
        string text = work.Run(["for (int i = 0; i < 100_000; i++) Console.WriteLine(\"0123456789012345678901234567890123456789\");"])[0][0]!["text"].Joined();
        Assert.InRange(text.Length, 1 << 20, (1 << 20) + 200);
        Assert.EndsWith("the rest is left out]\n", text);
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("System.Threading.Thread.Sleep(System.Threading.Timeout.Infinite);")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("while (true) await Task.Delay(1);")]
    [InlineData("while (true) try { System.Threading.Thread.Sleep(50); } catch { }")]
    [InlineData("while (true) try { while (true) { } } finally { Console.Write(1); }")]
    [InlineData("Enumerable.Range(0, int.MaxValue).Select(i => { System.Threading.Thread.Sleep(100); return i; }).Where(i => i < 0)")]
    [InlineData("int i = 0; while (true) Console.WriteLine(i++);")]
    [InlineData("while (true) try { int.Parse(\"x\"); } catch (FormatException) { }")]
    [InlineData("var d = new Dictionary<string, int>(); for (int i = 0; ; i++) d[$\"{i % 1000}\"] = i;")]
    [InlineData("int i = 0; again: i++; goto again;")]
    [InlineData("void f(int n) { if (n > 0) { f(n - 1); f(n - 1); } } f(60);")]
    [InlineData("int f(int n) => n == 0 ? 0 : f(n - 1) + f(n - 1); f(60)")]
    [InlineData("Func<int, int> f = null; f = n => n == 0 ? 0 : f(n - 1) + f(n - 1); f(60)")]
    [InlineData("IEnumerable<int> ones() { while (true) yield return 1; } ones().Count(i => i < 0)")]
    [InlineData("(from a in Enumerable.Range(0, int.MaxValue) from b in Enumerable.Range(0, int.MaxValue) where a * b == -1 select a).Count()")]
    [InlineData("(from a in Enumerable.Range(0, int.MaxValue) from b in new[] { a } select Enumerable.Range(0, 9).Sum(i => i)).Count()")]
    [InlineData("while (true) try { while (true) { } } catch { }")]
    [InlineData("#warning unfinished\nwhile (true) { }")]
    [InlineData("Delegate d = (int x) => new[] { x }.Select(y => { while (true) ; return y; }).Sum(); d.DynamicInvoke(1);")]
    [InlineData("IQueryable<int> q = new[] { 1 }.AsQueryable(); (from x in q where new[] { x }.Any(y => y > 0) select x).Count(); while (true) { }")]
    [InlineData("Parallel.For(0, 2, i => { while (true) { } });")]
    public void A_cell_without_an_end_is_stopped_and_the_session_lives(string endless)
    {
        var clock = Stopwatch.StartNew();
        var outputs = work.Run(["int x = 1;", $"x = 2;\n{endless}", "await Task.Delay(1); x"], "--timeout", "0.3", "--allow-errors");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.3, 10);      // a cell that hangs for ever is given up after 6 s more; this machine may be busy
        Assert.Equal("error:TimeoutException:The cell ran longer than 0.3 s and was stopped.", outputs[1].Words()[^1]);
        Assert.Equal(["value:2"], outputs[2].Words());
        Assert.Equal(0, work.ExitCode);
    }

    [Fact]
    public void A_cell_that_is_stopped_cleans_up()
    {
        string types = "string log = \"\"; int saved = 0; class Res(Action end) : IDisposable { public void Dispose() { for (int i = 0; i < 2; i++) end(); } } void Restore() { log += \"restored \"; }";
        var outputs = work.Run([types, "using (new Res(() => log += \"disposed \"))\n    try { while (true) ; } finally { Restore(); foreach (int i in new[] { 1, 2, 3 }) saved += i; }", "log + saved"], "--timeout", "0.3", "--allow-errors");
        Assert.Equal(["value:restored disposed disposed 6"], outputs[2].Words());
    }

    [Fact]
    public void A_cell_is_not_stopped_where_native_code_called_it()
    {
        string square = """
            using TorchSharp;
            class Square : torch.autograd.SingleTensorFunction<Square>
            {
                public override string Name => "Square";
                public override torch.Tensor forward(torch.autograd.AutogradContext context, params object[] values) { context.save_for_backward([(torch.Tensor)values[0]]); return ((torch.Tensor)values[0]).square(); }
                public override List<torch.Tensor> backward(torch.autograd.AutogradContext context, torch.Tensor gradient)
                {
                    for (int i = 0; i < 100; i++) Thread.SpinWait(10_000);
                    return [2 * gradient * context.get_saved_variables()[0]];
                }
            }
            var w = torch.ones(3, requires_grad: true);
            """;
        string sort = """
            using System.Runtime.InteropServices;
            delegate int Order(nint a, nint b);
            [DllImport("libc")] static extern void qsort(nint from, nint count, nint size, Order order);
            nint rows = Marshal.AllocHGlobal(4000);
            while (true) qsort(rows, 200, 4, (a, b) => { for (int i = 0; i < 100; i++) ; return Marshal.ReadInt32(a).CompareTo(Marshal.ReadInt32(b)); });
            """;
        foreach (string endless in OperatingSystem.IsWindows() ? [] : new[] { sort, "while (true) Square.apply(w).sum().backward();" })
        {
            var outputs = work.Run([square, endless, "(w.grad is null || w.grad.isfinite().all().ToBoolean())"], "--timeout", "0.3", "--allow-errors");
            Assert.Equal(["error:TimeoutException:The cell ran longer than 0.3 s and was stopped."], outputs[1].Words());
            Assert.Equal(["value:True"], outputs[2].Words());
        }
    }

    [Fact]
    public void A_training_hears_the_timeout_first()
    {
        var outputs = work.Run(
            ["try { System.Threading.Thread.Sleep(0); while (true) { FlowKit.Training.TrainingHost.Cancellation.ThrowIfCancellationRequested(); System.Threading.Thread.Sleep(10); } } finally { Console.Write(\"saved\"); }"], "--timeout", "0.2");
        Assert.Equal(["stdout:saved", "error:TimeoutException:The cell ran longer than 0.2 s and was stopped."], outputs[0].Words());
    }

    [Fact]
    public void An_interrupt_stops_the_cell_saves_what_there_is_and_exits_with_130()
    {
        using var interrupt = new CancellationTokenSource();
        string book = work.Notebook("1", "Console.Write(\"seen\");\nwhile (true) { }", "3");
        interrupt.CancelAfter(TimeSpan.FromSeconds(3));
        Assert.Equal(130, work.Invoke(interrupt.Token, "run", book));
        var cells = work.Read("book.ipynb")["cells"]!.AsArray();
        Assert.Equal(["stdout:seen", "error:Interrupted:The cell was interrupted."], cells[1]!["outputs"]!.AsArray().Words());
        Assert.Null(cells[2]!["execution_count"]);
    }
}
