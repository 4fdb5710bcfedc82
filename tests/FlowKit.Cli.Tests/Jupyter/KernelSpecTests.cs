using System.Text.Json.Nodes;

namespace FlowKit.Cli.Tests.Jupyter;

public sealed class KernelSpecTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_kernel_is_installed_under_the_notebooks_name_and_removed_again()
    {
        Assert.Equal(0, work.Invoke("kernel", "install", "--prefix", work.Folder, "--name", ".net-csharp"));
        var spec = JsonNode.Parse(File.ReadAllText(Spec(".net-csharp")))!;
        Assert.Equal(["kernel", "start", "{connection_file}"], spec["argv"]!.AsArray().Select(part => part!.GetValue<string>()).TakeLast(3));
        Assert.Equal("message", spec["interrupt_mode"]!.GetValue<string>());

        Assert.Equal(0, work.Invoke("kernel", "uninstall", "--prefix", work.Folder));
        Assert.False(File.Exists(Spec(".net-csharp")));
        Assert.Equal(0, work.Invoke("kernel", "uninstall", "--prefix", work.Folder));
        Assert.Contains("no kernel of FlowKit", work.Output);
    }

    [Fact]
    public void Another_kernel_keeps_its_name()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Spec(".net-csharp"))!);
        File.WriteAllText(Spec(".net-csharp"), "{\"argv\": []}");
        Assert.Equal(0, work.Invoke("kernel", "install", "--prefix", work.Folder));
        Assert.True(File.Exists(Spec("flowkit-csharp")));

        Assert.Equal(2, work.Invoke("kernel", "install", "--prefix", work.Folder, "--name", ".net-csharp"));
        Assert.Contains("another kernel", work.Error);
        work.Invoke("kernel", "uninstall", "--prefix", work.Folder);
        Assert.Equal("{\"argv\": []}", File.ReadAllText(Spec(".net-csharp")));
    }

    [Theory]
    [InlineData("{", "JSON")]
    [InlineData("[]", "JSON")]
    [InlineData("{}", "transport")]
    [InlineData("{\"transport\": \"tcp\", \"ip\": \"0.0.0.0\"}", "127.0.0.1")]
    [InlineData("{\"transport\": \"tcp\", \"ip\": \"127.0.0.1\", \"signature_scheme\": \"hmac-sha256\", \"key\": \"\"}", "key")]
    [InlineData("{\"transport\": \"tcp\", \"ip\": \"127.0.0.1\", \"signature_scheme\": \"hmac-sha256\", \"key\": \"k\", \"shell_port\": 0}", "port")]
    public void A_connection_file_that_is_none_is_refused(string text, string expected)
    {
        var refused = Assert.Throws<UsageException>(() => ConnectionFile.Read(work.Write("connection.json", text)));
        Assert.Contains(expected, refused.Message);
        Assert.Contains("connection.json", refused.Message);
    }

    [Fact]
    public void A_name_that_Jupyter_cannot_take_is_refused()
    {
        Assert.Equal(2, work.Invoke("kernel", "install", "--prefix", work.Folder, "--name", "My Kernel"));
        Assert.Contains("--name", work.Error);
    }

    private string Spec(string name) => Path.Combine(work.Folder, "share", "jupyter", "kernels", name, "kernel.json");
}
