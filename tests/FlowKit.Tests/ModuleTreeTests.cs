using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests;

public class ModuleTreeTests
{
    [Fact]
    public void A_flow_shows_its_parts_in_the_order_data_passes_them() => Assert.Equal("""
        Flow  (2)  35,344 parameters
        ├─ transform: Chain  (2)  35,344 parameters
        │  └─ 0-7: 8 x Coupling AffineMap { ParameterCount = 2, MaxLogScale = 3, Bound = Rational }  (2)  4,418 parameters each
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

    [Fact]
    public void A_layer_that_was_used_alone_can_become_part_of_a_whole()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (x, layer) = (randn(3, 1, 4, 4), new Squeeze(1, 4, 4));
        var alone = layer.Forward(x).Z;
        var coupling = Coupling.WithMlp(Masks.Half(4, second: true), new AffineMap(), [8]);
        coupling.Forward(randn(3, 4));

        var chain = new Chain(layer, new Orthogonal(4));
        Assert.Equal([3, 4, 2, 2], chain.Forward(x).Z.shape);
        Assert.Equal(2, new Chain(coupling, Permutation.Reverse(4)).Count);
        Assert.DoesNotContain(coupling.named_children(), child => child.name == "keeper");
        Assert.True(layer.Forward(x).Z.equal(alone).all().ToBoolean());
    }
}
