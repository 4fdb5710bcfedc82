using FlowKit.Transforms;
using TorchSharp.Modules;

namespace FlowKit.Benchmarks;

/// <summary>The layers of a flow one by one, from data to latent, each with the shape of what it is given.</summary>
internal static class Layers
{
    public static IEnumerable<(Transform Layer, Shape Shape)> Of(Flow flow) => Of(flow.Transform, flow.EventShape);

    private static IEnumerable<(Transform Layer, Shape Shape)> Of(Transform whole, Shape shape) => whole switch
    {
        Chain chain => InTurn(chain, shape),
        MultiScale scales => Scales(scales, shape),
        _ => [(whole, shape)],
    };

    private static IEnumerable<(Transform Layer, Shape Shape)> InTurn(IEnumerable<Transform> layers, Shape shape)
    {
        foreach (var layer in layers)
        {
            foreach (var part in Of(layer, shape)) yield return part;
            shape = layer.After(shape);
        }
    }

    private static IEnumerable<(Transform Layer, Shape Shape)> Scales(MultiScale scales, Shape shape)
    {
        Transform[] priors = [.. scales.children().OfType<ModuleList<Coupling>>().Single()];
        foreach (var (l, level) in scales.Levels.Index())
        {
            foreach (var part in InTurn([level, .. priors.Skip(l).Take(1)], shape)) yield return part;
            shape = level.After(shape);
            shape = [shape[0] - shape[0] / 2, .. shape[1..]];
        }
    }
}
