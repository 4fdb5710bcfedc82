using System.Runtime.CompilerServices;

namespace FlowKit.Tests.Devices;

public class FactoryCallTests
{
    [Fact]
    public void Every_tensor_the_library_makes_has_a_precision_and_a_place()
    {
        string[] files = [.. Directory.EnumerateFiles(Sources(), "*.cs", SearchOption.AllDirectories)];
        Assert.True(files.Length > 50, $"found {files.Length} files");
        Assert.Empty(files.SelectMany(file => FactoryCalls.Unplaced(File.ReadAllText(file), Path.GetRelativePath(Sources(), file))));
    }

    [Theory]
    [InlineData("zeros(3)")]
    [InlineData("torch.zeros(3, dtype: float32)")]
    [InlineData("randn([2, 3], device: x.device)")]
    [InlineData("tensor(1.0)")]
    [InlineData("x + arange(3, int64)")]
    [InlineData("full([2], 0, dtype: float32).to(x.device)")]
    [InlineData("f(eye(n, x.dtype))")]
    [InlineData("linspace(0, 1, 5, dtype: x.dtype)")]
    public void A_planted_mistake_is_caught(string call) => Assert.Single(FactoryCalls.Unplaced($"var y = {call};", "planted.cs"));

    [Fact]
    public void A_planted_mistake_is_told_with_its_place() =>
        Assert.Equal(["planted.cs:2: rand(2)"], FactoryCalls.Unplaced("var x = 1;\nvar y = rand(2);", "planted.cs"));

    [Theory]
    [InlineData("zeros(3, dtype: float32, device: CPU)")]
    [InlineData("torch.randn([2], Dtype, Device)")]
    [InlineData("tensor(1.0, x.dtype, x.device)")]
    [InlineData("arange(3, dtype: int64, device: x.device)")]
    [InlineData("empty(BatchOf(2), get_default_dtype(), CPU)")]
    [InlineData("zeros_like(x)")]
    [InlineData("x.new_zeros(3)")]
    [InlineData("shape.full(3)")]
    public void What_has_both_passes(string call) => Assert.Empty(FactoryCalls.Unplaced($"var y = {call};", "fine.cs"));

    private static string Sources([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src/FlowKit"));
}
