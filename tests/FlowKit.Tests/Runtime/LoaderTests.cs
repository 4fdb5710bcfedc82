
namespace FlowKit.Tests;

public class LoaderTests
{
    [Fact]
    public void Torch_works_in_a_program_that_only_references_FlowKit() => Assert.Equal(6.0, torch.arange(4, torch.float64).sum().ToDouble());
}
