using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests;

public class ModuleTreeTests
{
    [Fact]
    public void A_flow_shows_its_parts_in_the_order_data_passes_them() => Assert.Equal("""
        Flow  (2)  35,344 parameters
        ├─ transform: Chain  (2)  35,344 parameters
        │  └─ 0-7: 8 x Coupling AffineMap { ParameterCount = 2, MaxLogScale = 3 }  (2)  4,418 parameters each
        │     └─ conditioner: Mlp  1 -> 2  4,418 parameters
        └─ base: StandardNormal  (2)
        """, RealNvp.Create(features: 2, layers: 8).ToString());

    [Fact]
    public void Contexts_bounds_and_changes_of_shape_are_said()
    {
        string text = RealNvp.Create(4, layers: 2, hidden: [8], contextShape: 3, preprocessing: [new UniformDequantization(17), new Logit(alpha: 0.02)]).ToString();
        Assert.StartsWith("Flow  (4)  given c (3)  lower bound", text);
        Assert.Contains("├─ 0: UniformDequantization  lower bound\n", text.ReplaceLineEndings("\n"));
        Assert.DoesNotContain("Logit  lower bound", text);
    }

    [Fact]
    public void A_module_without_parts_is_one_line() => Assert.Equal("StandardNormal  (1, 8, 8)", new FlowKit.Distributions.StandardNormal(1, 8, 8).ToString());
}
