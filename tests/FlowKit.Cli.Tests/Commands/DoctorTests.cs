using System.Runtime.InteropServices;

namespace FlowKit.Cli.Tests;

public sealed class DoctorTests : IDisposable
{
    private const string Libtorch = "FLOWKIT_LIBTORCH", Mkl = "FLOWKIT_MKL";

    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void What_works_is_told_line_by_line()
    {
        Assert.Equal(0, work.Invoke("doctor"));
        Assert.Equal("", work.Error);
        foreach (string subject in (string[])["FlowKit ", "system ", "processor ", ".NET ", "TorchSharp ", "libtorch ", "devices ", "threads ", "vectors ", "MKL "]) Assert.Contains($"{subject} ", work.Output);
        Assert.Contains("cpu (product, gradient and determinant are right)", work.Output);
        Assert.Matches(@"libtorch    \d+\.\d+.*, from .*[/\\]", work.Output);
        Assert.Equal(work.Output.TrimEnd(), Runtime.Describe());
    }

    [Fact]
    public void What_does_not_work_is_an_error_with_its_reason()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "FLOWKIT_LIBTORCH works on x64 Linux only.");
        var (code, output, error) = Doctor((Libtorch, work["no such folder"]));
        Assert.Equal(1, code);
        Assert.Contains("libtorch    none", output);
        Assert.StartsWith($"flowkit: FLOWKIT_LIBTORCH is '{work["no such folder"]}'. Expected: ", error);
        Assert.Contains("Found: there is no such folder.", error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_relative_folder_is_that_of_the_callers_directory_for_a_notebook_elsewhere()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "FLOWKIT_LIBTORCH works on x64 Linux only.");
        string notebook = work.Notebook("TorchSharp.torch.ones(1)");
        using var process = FlowkitProcess.Start(new Dictionary<string, string> { [Libtorch] = "here" }, "run", notebook);
        var (code, output, error) = FlowkitProcess.End(process);
        Assert.Equal(1, code);
        Assert.Contains($"FLOWKIT_LIBTORCH is '{Path.GetFullPath("here")}'", output + error);
    }

    [Fact]
    public void MKL_is_told_what_was_done()
    {
        var (code, output, _) = Doctor((Mkl, "full"));
        Assert.Equal(0, code);
        Assert.Matches("MKL +(full width, as FLOWKIT_MKL asks|as it comes; FLOWKIT_MKL=full is not done: (the processor is|this is not x64 Linux|the processor has no|this libtorch does not export))", output);
        Assert.Contains("as it comes; FLOWKIT_MKL=half is not done: it is 'full' or not set", Doctor((Mkl, "half")).Output);
    }

    private static (int Code, string Output, string Error) Doctor(params (string Name, string Value)[] environment)
    {
        using var process = FlowkitProcess.Start(environment.ToDictionary(one => one.Name, one => one.Value), "doctor");
        return FlowkitProcess.End(process);
    }
}
