namespace FlowKit.Cli.Tests;

public sealed class GuardTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    // None of them calls itself as its last act: once the just-in-time compiler optimizes such a call, it is a loop, which ends at the cell's limit and not the stack's.
    [Theory]
    [InlineData("int f(int n) => f(n + 1) + 1; f(0)")]
    [InlineData("void f() { f(); f(); } f();")]
    [InlineData("int f(int n) => g(n); int g(int n) { return f(n) + 1; } f(0)")]
    [InlineData("class A { public int P => P + 1; } new A().P")]
    [InlineData("class A { public int P { get => P + 1; } } new A().P")]
    [InlineData("class A { int p; public int P { get { return p; } set { P = value; p = value; } } } new A().P = 1")]
    [InlineData("class A { public int this[int i] => this[i + 1] + 1; } new A()[0]")]
    [InlineData("class A { public A() => new A(); } new A()")]
    [InlineData("class A { public static A operator -(A a) => -(-a); public static implicit operator int(A a) => a; } -new A()")]
    [InlineData("record R(int A) { public override string ToString() => $\"{this}\"; } new R(1).ToString()")]
    [InlineData("Func<int, int> f = null; f = n => f(n + 1) + 1; f(0)")]
    [InlineData("class Node { public Node Next { get; set; } = new Node(); } new Node()")]
    [InlineData("class Node { Node left = new(), right; int n = 1; } new Node()")]
    [InlineData("int f(int n) { try { return f(n + 1); } catch (Exception) { throw; } } f(0)")]
    [InlineData("int f(int n) { try { return f(n + 1); } catch (Exception e) { throw new Exception(\"x\", e); } } try { await Task.Run(() => f(0)); } catch (Exception e) { throw e.GetBaseException(); }")]
    [InlineData("class A { public int P { get { try { return P; } catch (Exception) { throw; } } } } new A().P")]
    [InlineData("async Task<int> f(int n) => await f(n + 1) + 1; await f(0)")]
    [InlineData("async Task<int> f(int n) => await f(n + 1) + 1; await Task.Run(() => f(0))")]
    [InlineData("int f(int n) => f(n + 1) + 1; await Task.Run(() => f(0))")]
    public void Functions_that_call_each_other_without_end_fail_their_cell_and_not_the_process(string code)
    {
        var outputs = work.Run(["int x = 1;", code, "x"], "--timeout", "120", "--allow-errors");
        Assert.Equal("error:InsufficientExecutionStackException:The functions of the notebook call each other without end, or more deeply than the stack allows.", outputs[1].Words()[^1]);
        Assert.InRange(outputs[1][^1]!.Traceback().Length, 2, 61);
        Assert.Equal(["value:1"], outputs[2].Words());
    }

    [Theory]
    [InlineData("int s = 0; for (int i = 0; i < 3; i++) s += i; foreach (int i in new[] { 1, 2 }) s += i; while (s < 10) s++; do s++; while (s < 12); s", "12")]
    [InlineData("int s = 0; foreach (var (a, b) in new[] { (1, 2), (3, 4) }) s += a * b; s", "14")]
    [InlineData("int i = 0; again: if (i++ < 3) goto again; i", "4")]
    [InlineData("int s = 0; for (int i = 0; i < 3; i++) switch (i) { case 0: goto case 2; case 2: s += 5; break; default: goto case 0; } s", "15")]
    [InlineData("int f(int n) => n < 2 ? n : f(n - 1) + f(n - 2); f(10)", "55")]
    [InlineData("System.Linq.Expressions.Expression<Func<int, int>> e = x => x + 1; e.ToString()", "x => (x + 1)")]
    [InlineData("System.Linq.Expressions.Expression<Func<int[], bool>> e = xs => xs.Any(x => x > 0); e.ToString()", "xs => xs.Any(x => (x > 0))")]
    [InlineData("new[] { 1, 2, 3 }.AsQueryable().Where(x => x > 1).Select(x => x * x).Sum()", "13")]
    [InlineData("int n = 0; Action a = () => n++; Func<int> b = () => n++; a(); b(); n", "2")]
    [InlineData("var f = (int x) => x + 1; f(1)", "2")]
    [InlineData("var f = int (int x) => throw new InvalidOperationException(); try { f(1); } catch (InvalidOperationException) { } 7", "7")]
    [InlineData("Func<Task> f = async () => await Task.Yield(); await f(); await Task.Run(async () => await Task.FromResult(8))", "8")]
    [InlineData("async Task f() => await Task.Yield(); Task g() => f(); async ValueTask<int> h() => await Task.FromResult(9); await f(); await g(); await h()", "9")]
    [InlineData("int[] a = [1, 2]; ref int f(int i) => ref a[i]; f(1) = 5; a[1]", "5")]
    [InlineData("struct P { public int X; public P(int x) => X = x; public readonly int Y => -X; public int Z { get => X; set => X = value; } public void Deconstruct(out int a, out int b) => (a, b) = (X, Y); } var (a, b) = new P(3); a + b", "0")]
    [InlineData("class V(int x) { public int X { get; init => field = value; } = x; public static V operator +(V a, V b) => new(a.X + b.X); public static explicit operator int(V v) => v.X; ~V() => GC.KeepAlive(1); } (int)(new V(1) + new V(2))", "3")]
    [InlineData("interface I { int F() => 4; } class C : I { } ((I)new C()).F()", "4")]
    [InlineData("string s(Func<int> f) => \"value\"; string s(Action f) => \"void\"; s(() => throw new Exception())", "value")]
    [InlineData("string s(Func<Task> f) => \"task\"; string s(Action f) => \"void\"; s(async () => await Task.Yield()) + s(() => Console.Write(\"\"))", "taskvoid")]
    [InlineData("int f() { Span<int> span = stackalloc int[2]; int s = 0; foreach (ref int x in span) s += x = 3; return s; } f()", "6")]
    [InlineData("var q = from a in new[] { 1, 2 } from b in new[] { 3, 4 } where a < b orderby a select a * b; q.Sum()", "21")]
    [InlineData("(from x in new[] { 1, 2, 3 }.AsQueryable() where new[] { 2, 3 }.Any(y => y == x) orderby -x let z = x + 1 select z).First()", "4")]
    [InlineData("var q = from a in new[] { 3, 1 } join b in new[] { 1, 3 } on a equals b into c orderby a descending let d = (a, Count: c.Count()) group d by d.Count into g select new { g.Key, Sum = g.Sum(e => e.a) }; q.Single().Sum", "4")]
    [InlineData("(from string s in new object[] { \"b\" } from c in s select (c, s.Length)).First().Length", "1")]
    [InlineData("class Node { public List<int> Items { get; } = new() { 1, 2 }; Dictionary<string, int> d = new() { [\"a\"] = 3 }; public int Sum => Items.Sum() + d[\"a\"]; static Node One = new(); } new Node().Sum", "6")]
    [InlineData("Delegate d = (int x = 2) => x + 1; object o = (int x) => x; d.DynamicInvoke(1)", "2")]
    [InlineData("async Task<int> f(int n) => n == 0 ? 0 : 1 + await f(n - 1); await f(4000)", "4000")]
    [InlineData("int g(int n) { try { return int.Parse(\"x\"); } catch (FormatException) { return n; } } int f(int n) => n == 0 ? g(5) : f(n - 1); f(30_000) + Enumerable.Range(0, 9000).Sum(i => g(0))", "5")]
    [InlineData("int f(int n) { try { return n == 0 ? int.Parse(\"x\") : f(n - 1); } catch (FormatException) { throw; } } try { f(2000); } catch (FormatException) { } 6", "6")]
    [InlineData("delegate int D(ref int x); int n = 1; D d = (ref int x) => ++x; d(ref n); d = delegate(ref int x) { return x += 10; }; d(ref n); n", "12")]
    [InlineData("// only\nwhile (Environment.TickCount64 < 0) ; // remark", null)]
    public void Guarded_code_means_what_it_says(string code, string? value) => Assert.Equal(value is null ? [] : [$"value:{value}"], work.Run([code])[0].Words());

    [Theory]
    [InlineData("for (int i = 0; i < 2; i++)\n\n    // a remark\n    throw new Exception(\"here\");", 4)]
    [InlineData("while (true)\n{\n    int x = 1;\n\n    throw new Exception($\"{x}\");\n}", 5)]
    [InlineData("int f(int x) =>\n    // a remark\n\n    x == 1\n        ? throw new Exception(\"here\")\n        : x;\nf(1)", 4)]
    [InlineData("class A\n{\n    public int P\n        => int.Parse(\"x\");\n\n    public int Q => P; // a remark\n    public int R\n    {\n        get => Q;\n    }\n}\nthrow new Exception();", 12)]
    [InlineData("Func<int, int> f = x =>\n    /* a\n    remark */ int.Parse(\"x\") + x;\n\n#pragma warning disable CS0162\nf(1)", 3)]
    [InlineData("var all = new[] { 1, 2 }.Select(x => x + 1 // a remark\n    ).Select(x =>\n        x * 2\n    ).ToArray();\n\nthrow new Exception();", 6)]
    [InlineData("void f()\n{\n#region a\n    do\n        continue;\n    while (false);\n#endregion\n    throw new Exception();\n}\nf();", 8)]
    public void An_exception_has_the_line_it_is_thrown_on(string code, int line)
    {
        work.Run([code], "--allow-errors");
        Assert.Contains($"cell 1, line {line}: ", work.Error);
    }

    [Theory]
    [InlineData("while (true)\n    int x = 1;", "line 2: error CS1023")]
    [InlineData("int f(int x) =>\n    x + nope;\nf(1)", "line 2: error CS0103")]
    [InlineData("for (int i = 0; i < 3; i++)\n{\n    string s = i;\n}", "line 3: error CS0029")]
    [InlineData("var f = (int x) =>\n    x.Nope();", "line 2: error CS1061")]
    [InlineData("int f()\n{\n    while (true) break;\n}", "line 1: error CS0161")]
    public void What_does_not_compile_is_told_as_it_was_written(string code, string expected)
    {
        work.Run([code]);
        Assert.Contains(expected, work.Error);
        Assert.DoesNotContain("CellGuard", work.Error);
    }

    [Fact]
    public void A_loaded_file_and_the_cell_that_loads_it_run()
    {
        work.Write("l.csx", "int Helper()\n{\n    return 5;\n}");
        Assert.Equal(["value:8"], work.Run(["#load \"l.csx\"\nint n = 0; while (n < 3) n++;\nHelper() + n"])[0].Words());
    }

    [Fact]
    public void Code_that_came_unreachable_is_warned_of_on_its_own_line() =>
        Assert.Equal(["stderr:line 3: warning CS0162: Unreachable code detected\n"], work.Run(["while (false)\n{\n    Console.Write(1);\n}"])[0].Words());
}
