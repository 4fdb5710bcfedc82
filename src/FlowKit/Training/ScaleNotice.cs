using System.Globalization;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Training;

/// <summary>Warns, once per training, about data far from mean 0 and standard deviation 1 if the model does not standardize them itself.</summary>
internal static class ScaleNotice
{
    private const long Rows = 4096;
    private const double Far = 10, Narrow = 0.05, Wide = 20;         // networks start for numbers of order one; they cope with much, not with this

    /// <summary>Writes the notice to the error stream, if there is one to write.</summary>
    public static void Give(Distribution model, Dataset train, string name)
    {
        if (Of(model, train) is { } words) Console.Error.WriteLine($"'{name}': {words}");
    }

    /// <summary>The notice; null where data are of order one, or the model's first transform takes numbers of any size.</summary>
    public static string? Of(Distribution model, Dataset train)
    {
        if (model is not Flow flow || model.EventShape.Count != 1 || !train.X.is_floating_point() || train.Count < 2 || !IsOfOrderOne(flow.Transform)) return null;

        using var none = no_grad();
        using var scope = NewDisposeScope();
        long count = Math.Min(train.Count, Rows);
        var evenly = (arange(count, dtype: int64, device: train.X.device) * train.Count).div(count, RoundingMode.floor);       // data may be sorted
        var rows = train.X.index_select(0, evenly).to(float64);
        Tensor mean = rows.mean([0]), deviation = rows.std(dim: 0);
        var isFar = mean.abs().gt(Far).logical_or(deviation.lt(Narrow)).logical_or(deviation.gt(Wide)).logical_and(deviation.gt(0));
        if (!isFar.any().ToBoolean()) return null;

        long feature = isFar.to(int64).argmax().ToInt64(), features = isFar.sum().ToInt64();
        return string.Create(CultureInfo.InvariantCulture,
            $"the data are far from mean 0 and standard deviation 1 in {features} of {train.X.size(1)} features; feature {feature} has mean {mean[feature].ToDouble():G4} and standard deviation {deviation[feature].ToDouble():G4}. ")
            + "Begin the flow with Standardize.Fit(data): new Flow(new Chain(Standardize.Fit(data), flow.Transform), flow.Base).";
    }

    private static IEnumerable<Transform> Flat(Transform transform) => transform is Chain chain ? chain.SelectMany(Flat) : [transform];

    // Whether the first map that is more than linear learns by gradients from where it starts. A standardization adapts itself, a dequantization or a logit is for other data, circles and intervals have their own scale.
    private static bool IsOfOrderOne(Transform transform) =>
        Flat(transform).FirstOrDefault(each => each is not Permutation and (not LinearTransform or Whiten)) is null or Coupling { Map: AffineMap or AdditiveMap or RationalQuadraticMap or LogisticMixtureMap } or MaskedAutoregressive { Map: AffineMap or AdditiveMap or RationalQuadraticMap or LogisticMixtureMap }
            or Planar or Radial or Sylvester;
}
