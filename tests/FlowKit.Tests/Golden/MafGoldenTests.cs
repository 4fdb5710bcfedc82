using FlowKit.Conditioners;
using FlowKit.Models;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Golden;

/// <summary>zuko's MAF: the same numbers from the same weights.</summary>
/// <remarks>
/// Its units have the degrees 0, 1, 2, 0, 1, 2, ...; ours are sorted. Its outputs are (feature, parameter) with the shift first; ours are P-major with the log-scale first.
/// Its log-scale a / (1 + |a / ln 1e-3|) is ours with the bound ln 1000.
/// </remarks>
public class MafGoldenTests
{
    private static readonly long[] Units = [0, 3, 6, 1, 4, 7, 2, 5], Outputs = [1, 3, 5, 0, 2, 4], All = [0, 1, 2, 3, 4];

    [Fact]
    public void Density_latents_and_inverse_are_those_of_zuko()
    {
        var (golden, flow) = (new GoldenMaf(), Load());
        var (z, logDet) = flow.Transform.Forward(golden.X, golden.Context);
        Assert.InRange(Distance(z, golden.Z), 0, 1e-10);
        Assert.InRange(Distance(logDet, golden.LogDet), 0, 1e-10);
        Assert.InRange(Distance(flow.LogProb(golden.X, golden.Context), golden.LogProb), 0, 1e-10);
        Assert.InRange(Distance(flow.Transform.Inverse(golden.Z, golden.Context).X, golden.X), 0, 1e-10);
        using (no_grad()) Assert.InRange(Distance(flow.Transform.Inverse(golden.Z, golden.Context).X, golden.X), 0, 1e-10);
    }

    [Fact]
    public void The_masks_are_those_of_zuko()
    {
        var golden = new GoldenMaf();
        foreach (int transform in (int[])[0, 1])
        {
            var made = Made(transform);
            for (int layer = 0; layer < 3; layer++)
                Assert.Equal(0, Distance(made.Layers[layer].Mask(0), Arrange(golden.Layer(transform, layer, "mask"), layer)));
        }
    }

    private static Flow Load()
    {
        var (golden, flow) = (new GoldenMaf(), Maf.Create(3, layers: 2, hidden: [8, 8], map: new AffineMap(MaxLogScale: Math.Log(1000)), contextShape: 2));
        flow.to(float64);
        using var none = no_grad();
        foreach (var (name, parameter) in flow.named_parameters())
        {
            var (transform, layer) = (int.Parse(name.Split('.')[2]), int.Parse(name.Split('.')[5]));   // transform.layers.0.made.layers.1.weight
            parameter.copy_(Arrange(golden.Layer(transform, layer, name.Split('.')[^1]), layer));
        }
        return flow;
    }

    private static Made Made(int transform) => new(3, 2, [8, 8], contextShape: 2, transform == 0 ? Orders.Natural(3) : Orders.Reverse(3));

    private static Tensor Arrange(Tensor value, int layer)
    {
        var rows = value.index_select(0, tensor(layer == 2 ? Outputs : Units, dtype: int64, device: CPU));
        return rows.Dimensions == 1 ? rows : rows.index_select(1, tensor(layer == 0 ? All : Units, dtype: int64, device: CPU));
    }
}
