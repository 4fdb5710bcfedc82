namespace FlowKit.Cli.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void Imported_usings_variables_and_references_last()
    {
        work.Write("setup.cs", """
            #r "../artifacts/nowhere/FlowKit.dll"
            #r "nuget: TorchSharp, 0.1.0"
            using System.Text;
            using static TorchSharp.torch;
            int shared = 3;
            7
            """);
        var outputs = work.Run(["#!import setup.cs", "new StringBuilder().Append(shared).Append(zeros(2).shape[0]).ToString()"]);
        Assert.Equal("", work.Error);
        Assert.Contains("was asked for", Assert.Single(outputs[0].Words()));
        Assert.Equal(["value:32"], outputs[1].Words());
    }

    [Fact]
    public void Code_around_an_import_keeps_its_order_and_its_lines()
    {
        work.Write("part.cs", "Console.Write(\"in \");\nint b = a + 1;");
        var outputs = work.Run(["int a = 1;\n#!import \"part.cs\"\nConsole.Write(b);\nthrow new Exception(\"x\");"]);
        Assert.Equal(["stdout:in 2", "error:Exception:x"], outputs[0].Words());
        Assert.Contains("cell 1, line 4: Exception: x", work.Error);
    }

    [Fact]
    public void An_error_in_an_imported_file_names_the_file()
    {
        work.Write("bad.cs", "\n\nint a = zz;");
        work.Write("throws.cs", "\nthrow new Exception(\"x\");");
        work.Run(["#!import bad.cs", "#!import throws.cs"], "--allow-errors");
        Assert.Contains("cell 1, bad.cs, line 3: error CS0103", work.Error);
        Assert.Contains("cell 2, throws.cs, line 2: Exception: x", work.Error);
    }

    [Fact]
    public void A_file_that_imports_itself_is_refused()
    {
        work.Write("loop.cs", "#!import loop.cs");
        work.Run(["#!import loop.cs"]);
        Assert.Contains("loop.cs, line 1: 'loop.cs' imports itself.", work.Error);
    }

    [Fact]
    public void A_loaded_file_runs_in_the_cell()
    {
        work.Write("more.csx", "int loaded = 4;");
        Assert.Equal(["value:4"], work.Run(["#load \"more.csx\"\nloaded"])[0].Words());
    }

    [Fact]
    public void A_referenced_file_is_found_beside_the_notebook_with_its_neighbors()
    {
        Build("Inner", "public static class Inner { public static int Value => 5; }");
        Build("Outer", "public static class Outer { public static int Value => Inner.Value + 1; }", work["Inner.dll"]);
        Assert.Equal(["value:6"], work.Run(["#r \"Outer.dll\"\nOuter.Value"])[0].Words());
    }

    [Fact]
    public void The_host_and_the_cells_share_one_copy_of_an_assembly()
    {
        var outputs = work.Run([$"#r \"{typeof(FlowKit.Runtime).Assembly.Location.Replace('\\', '/')}\"\nFlowKit.Training.TrainingHost.Progress is null"]);
        Assert.Equal(["value:False"], outputs[0].Words());
    }

    [Fact]
    public void Relative_paths_start_at_the_notebook_and_the_folder_is_restored()
    {
        string before = Directory.GetCurrentDirectory();
        work.Write("data.txt", "beside");
        Assert.Equal(["value:beside"], work.Run(["File.ReadAllText(\"data.txt\")"])[0].Words());
        Assert.Equal(before, Directory.GetCurrentDirectory());
    }

    private void Build(string name, string code, params string[] references)
    {
        var compilation = Microsoft.CodeAnalysis.CSharp.CSharpCompilation.Create(name, [Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree.ParseText(code)],
            [.. HostReferences.All, .. references.Select(path => Microsoft.CodeAnalysis.MetadataReference.CreateFromFile(path))],
            new(Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary));
        using var file = File.Create(work[name + ".dll"]);
        Assert.True(compilation.Emit(file).Success);
    }
}
