using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Models;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>A model whose speed and memory are measured, and what it is trained on.</summary>
/// <param name="Key">What --rows calls it.</param>
/// <param name="Name">What tables call it.</param>
/// <param name="Batch">Examples of a training step.</param>
/// <param name="Make">The model.</param>
/// <param name="Draw">Its data.</param>
/// <param name="Penalty">What its training adds to the loss.</param>
internal sealed record Subject(string Key, string Name, int Batch, Func<Flow> Make, Func<Tensor> Draw, Func<Flow, Tensor>? Penalty = null)
{
    /// <summary>Those that the peers have, too: <c>peers.py</c> builds them of the same sizes.</summary>
    public static IReadOnlyList<Subject> Flows { get; } =
    [
        new("a", "(a) RealNVP 2-D, 8 x (2x64)", Batch: 256, () => RealNvp.Create(2, layers: 8), Of(new GaussianRing())),
        new("b", "(b) MAF 63-D, 5 x (2x512)", Batch: 256, () => Maf.Create(63, layers: 5, hidden: [512, 512]), Of(new StandardNormal(63))),
        new("c", "(c) RQ-spline 2-D, 4 x (2x64), 8 bins", Batch: 256, () => SplineFlow.Create(2, layers: 4, bins: 8), Of(new TwoMoons())),
    ];

    /// <summary>Flows of images: the RealNVP of chapter 2, and a Glow that one of the peers has, too.</summary>
    public static IReadOnlyList<Subject> Images { get; } =
    [
        new("d", "(d) RealNVP of 14x14 images, 2 scales of 16 maps", Batch: 64, () => RealNvp.ForImages(new(1, 14, 14) { Scales = 2, Blocks = 1, Maps = 16 }),
            () => FashionMnist.Split(14).Train.Images, flow => RealNvp.ScaleDecay(flow)),
        new("e", "(e) Glow of 3x16x16 images, 2 scales of 4 steps, 32 maps", Batch: 64, () => Glow.ForImages(new(3, 16, 16) { Scales = 2, Steps = 4, Maps = 32 }),
            () => randint(0, 256, [10_000, 3, 16, 16], dtype: float32)),
    ];

    private static Func<Tensor> Of(Distribution source) => () => source.Sample(10_000);
}
