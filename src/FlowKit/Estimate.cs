using System.Globalization;

namespace FlowKit;

/// <summary>A mean over examples and its standard error, in one unit.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">Standard deviation over examples, divided by the root of their number; NaN for a single example.</param>
/// <param name="Count">Examples, N.</param>
/// <example><code>
/// manual_seed(0);
/// var model = new StandardNormal(2);
/// Estimate loss = Trainer.NegativeLogLikelihood(model, model.Sample(10_000));
/// Console.WriteLine(Math.Abs(loss.Mean - model.Entropy) &lt; 3 * loss.StandardError);  // => True
/// Console.WriteLine(new Estimate(Mean: 100, StandardError: 0.5, Count: 400).InBitsPerDimension(dimensions: 64));  // => 2.2542 ± 0.0113
/// Console.WriteLine(Estimate.Of([1.98, 2.01, 2.04]));                                                           // => 2.0100 ± 0.0173
/// </code></example>
public readonly record struct Estimate(double Mean, double StandardError, long Count)
{
    /// <summary>Nats an example into bits per dimension: divided by D ln 2.</summary>
    /// <param name="dimensions">D >= 1.</param>
    public Estimate InBitsPerDimension(long dimensions) =>
        new(-Bits.PerDimension(Mean, dimensions), Math.Abs(Bits.PerDimension(StandardError, dimensions)), Count);

    /// <summary>Of a few values, as one for each seed: their mean, and its standard error.</summary>
    /// <param name="values">At least one; a single value has the standard error NaN.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static Estimate Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0) throw new ArgumentException("At least one value is needed; there was none.", nameof(values));
        double mean = values.Average();
        return new(mean, values.Count > 1 ? Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1) / values.Count) : double.NaN, values.Count);
    }

    /// <summary>Mean ± standard error.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mean:F4} ± {StandardError:F4}");

    internal static Estimate Of(Tensor perExample)
    {
        using var scope = NewDisposeScope();
        var values = perExample.to(float64);
        long count = values.size(0);
        return new(values.mean().ToDouble(), count > 1 ? values.std().ToDouble() / Math.Sqrt(count) : double.NaN, count);
    }
}
