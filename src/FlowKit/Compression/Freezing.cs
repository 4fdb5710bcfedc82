using System.Numerics;
using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Compression;

/// <summary>Carries a trained flow over into whole numbers, layer by layer.</summary>
internal static class Freezing
{
    private const double LargestWeight = short.MaxValue;
    private const int MostExponent = 24, MostOutputExponent = 40;

    /// <summary>The codec of a flow.</summary>
    /// <exception cref="ArgumentException">A part of it cannot be evaluated exactly.</exception>
    public static Codec Freeze(Flow flow)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var shape = flow.EventShape;
        if (shape.Count is not (1 or 3)) throw new ArgumentException($"The flow is of events {shape}; expected images (C, H, W) or vectors (D).", nameof(flow));
        if (flow.ContextShape is not null) throw new ArgumentException("The flow is conditional; a codec has no context.", nameof(flow));
        var steps = Layers(flow.Transform).Select(Step).ToList();
        if (flow.Base is not Factorized factorized) throw new ArgumentException($"The base is a {flow.Base.GetName()}; expected learned elements of a family.", nameof(flow));

        var (_, _, components, affine) = Law(factorized.Family);
        using var theta = factorized.Theta(1, null).to(float64).cpu().flatten(2);                  // (1, P, D...) as (1, P, C H W)
        double[] values = theta.contiguous().data<double>().ToArray();
        int channels = (int)factorized.EventShape[0], positions = (int)(factorized.EventShape.Volume / channels), parameters = affine.Length;
        int[][] own = [.. Enumerable.Range(0, parameters * channels).Select(i => Enumerable.Range(0, positions)
            .Select(j => Whole(values[i * positions + j] * affine[i / channels].Factor + affine[i / channels].Offset)).ToArray())];
        try
        {
            return new Codec(shape, steps, new(own, components));
        }
        catch (InvalidDataException problem)
        {
            throw new ArgumentException($"The flow cannot be frozen: {problem.Message}", nameof(flow), problem);
        }
    }

    private static IEnumerable<Transform> Layers(Transform transform) => transform is Chain chain ? chain.SelectMany(Layers) : [transform];

    private static CodecStep Step(Transform layer)
    {
        switch (layer)
        {
            case Squeeze:
                return new SqueezeStep();
            case Permutation permutation:
                long size = permutation.DataShape[0];
                return new PermuteStep([.. permutation.Forward(arange(size, dtype: float64, device: CPU).unsqueeze(0)).Z.data<double>().Select(i => (int)i)]);
            case Coupling { Map: IntegerShiftMap map } coupling:
                return new CoupleStep([.. coupling.Mask], Net(coupling.Conditioner, map.Middle, map.Unit, coupling.Conditioner.Outputs, [(map.Gain * map.Unit, 0)]));
            case FactorOut { Prior: Conditional conditional }:
                var (middle, unit, components, affine) = Law(conditional.Family);
                return new FactorStep(Net(conditional.Conditioner, middle, unit, conditional.Conditioner.Outputs / affine.Length, affine), components);
            default:
                throw new ArgumentException($"The flow has a layer {layer.GetName()}; a codec knows squeezes, permutations, couplings by {nameof(IntegerShiftMap)}, and factor-outs with a conditional law.", nameof(layer));
        }
    }

    // What it counts in, its components, and how each of its parameters becomes steps: a factor and an offset.
    private static (double Middle, double Unit, int Components, (double Factor, double Offset)[] Affine) Law(Family family)
    {
        const double steps = LogisticTable.MeanSteps;
        switch (family)
        {
            case DiscretizedLogistic { Levels: null } one:
                return (one.Middle, one.Unit, 1, [(steps * one.Unit, steps * one.Middle), Scale(one)]);
            case MixtureFamily { Component: DiscretizedLogistic { Levels: null } one } mixture:
                var each = Enumerable.Range(0, mixture.Components);
                return (one.Middle, one.Unit, mixture.Components,
                [
                    .. each.Select(_ => ((double)LogisticLaw.WeightSteps, 0.0)),
                    .. each.Select(k => (steps * one.Unit, steps * (one.Middle + one.Unit * mixture.Offset(k)))),
                    .. each.Select(_ => Scale(one)),
                ]);
            default:
                throw new ArgumentException($"The flow has a law {family}; expected discretized logistics on all whole numbers, or mixtures of them.", nameof(family));
        }

        static (double, double) Scale(DiscretizedLogistic one) => (LogisticTable.ScaleSteps, LogisticTable.ScaleSteps * Math.Log(one.Unit));
    }

    // The network reads (x - middle) / unit; output i is multiplied by the factor of parameter i / outputs and moved by its offset.
    private static ExactNet Net(Conditioner conditioner, double middle, double unit, long outputs, (double Factor, double Offset)[] affine)
    {
        if (conditioner.ContextShape is not null) throw new ArgumentException("A conditioner of the flow reads a context; a codec has none.", nameof(conditioner));
        int shift = unit is >= 1 and <= 1 << ExactLayer.Fraction ? BitOperations.Log2((uint)unit) : -1;
        if (shift < 0 || unit != 1 << shift || middle != (int)middle)
            throw new ArgumentException($"A network of the flow reads (x - {middle}) / {unit}; expected a whole number, and a power of two in 1..{1 << ExactLayer.Fraction}.", nameof(unit));

        List<ExactLayer> layers = conditioner switch
        {
            DenseNet { Activation: Activation.ReLU } dense =>
            [
                .. dense.Narrow.Zip(dense.Wide).SelectMany(pair => (ExactLayer[])
                [
                    Hidden(pair.First.weight!, pair.First.bias!, 1, LayerSource.Features, LayerTarget.Next),
                    Hidden(pair.Second.weight!, pair.Second.bias!, 3, LayerSource.Previous, LayerTarget.Features),
                ]),
                Last(dense.Last.weight!, dense.Last.bias!, LayerSource.Features),
            ],
            Mlp { Activation: Activation.ReLU, LayerParameters: var parameters } =>
            [
                .. Enumerable.Range(0, parameters.Length / 2 - 1).Select(l =>
                    Hidden(parameters[2 * l], parameters[2 * l + 1], 1, l == 0 ? LayerSource.Features : LayerSource.Previous, LayerTarget.Next)),
                Last(parameters[^2], parameters[^1], parameters.Length == 2 ? LayerSource.Features : LayerSource.Previous),
            ],
            _ => throw new ArgumentException($"The flow has a network {conditioner.GetName()}; a codec knows {nameof(DenseNet)} and {nameof(Mlp)} with ReLU.", nameof(conditioner)),
        };
        return new((int)conditioner.Inputs, (int)middle, shift, layers);

        ExactLayer Hidden(Tensor weight, Tensor bias, int kernel, LayerSource from, LayerTarget to) =>
            Layer(weight, bias, kernel, from, to, rectifies: true, MostExponent, (_, w, b) => (w, b * (1 << ExactLayer.Fraction)));

        ExactLayer Last(Tensor weight, Tensor bias, LayerSource from) => Layer(weight, bias, 1, from, LayerTarget.Output, rectifies: false, MostOutputExponent, (o, w, b) =>
        {
            var (factor, offset) = affine[o / outputs];
            return (w * factor / (1 << ExactLayer.Fraction), b * factor + offset);
        });
    }

    // Each output has the largest exponent with which its weights fit into 16 bits and its sum into 2^52.
    private static ExactLayer Layer(Tensor weight, Tensor bias, int kernel, LayerSource from, LayerTarget to, bool rectifies, int most, Func<int, double, double, (double Weight, double Bias)> scale)
    {
        double[] w = weight.to(float64).cpu().contiguous().data<double>().ToArray(), b = bias.to(float64).cpu().contiguous().data<double>().ToArray();
        int row = w.Length / b.Length;
        short[] weights = new short[w.Length];
        long[] biases = new long[b.Length];
        byte[] exponents = new byte[b.Length];
        for (int o = 0; o < b.Length; o++)
        {
            double[] own = [.. w.Skip(o * row).Take(row).Select(one => scale(o, one, 0).Weight)];
            double first = scale(o, 0, b[o]).Bias, largest = own.Max(Math.Abs);
            if (!double.IsFinite(first) || !own.All(double.IsFinite)) throw new ArgumentException("The flow has a weight that is not finite.", nameof(weight));
            int e = most;
            while (e > 0 && (largest * (1L << e) > LargestWeight || Math.Abs(first) * (1L << e) > 1L << 50)) e--;
            if (largest * (1L << e) > LargestWeight) throw new ArgumentException($"The flow has a weight of {largest:G3}; at most {LargestWeight} can be frozen.", nameof(weight));
            exponents[o] = (byte)e;
            biases[o] = (long)Math.Round(first * (1L << e));
            for (int i = 0; i < row; i++) weights[o * row + i] = (short)Math.Round(own[i] * (1L << e));
        }
        try
        {
            return new(weights, biases, exponents, row / (kernel * kernel), kernel, from, to, rectifies);
        }
        catch (InvalidDataException problem)
        {
            throw new ArgumentException($"The flow cannot be frozen: {problem.Message}", nameof(weight), problem);
        }
    }

    private static int Whole(double x) => (int)Math.Clamp(Math.Round(x), -ExactLayer.GreatestOutput, ExactLayer.GreatestOutput);
}
