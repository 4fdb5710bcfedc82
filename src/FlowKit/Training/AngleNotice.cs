using System.Globalization;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Training;

/// <summary>Hints, once per training, that angles look like degrees where the model takes radians.</summary>
internal static class AngleNotice
{
    /// <summary>Writes the notice to the error stream, if there is one to write.</summary>
    public static void Give(Distribution model, Dataset train, string name)
    {
        if (Of(model, train) is { } words) Console.Error.WriteLine($"'{name}': {words}");
    }

    /// <summary>The notice; null where the model's events are no angles, or the data fit in one turn, or in no turn of degrees.</summary>
    public static string? Of(Distribution model, Dataset train)
    {
        if (!IsOfAngles(model) || train.Count == 0) return null;

        using var none = no_grad();
        using var scope = NewDisposeScope();
        double low = train.X.min().ToDouble(), high = train.X.max().ToDouble();
        string? range = (low, high) switch
        {
            ( >= -Math.Tau, <= Math.Tau) => null,
            ( >= 0, <= 360) => "[0, 360]",
            ( >= -180, <= 180) => "[-180, 180]",
            _ => null,
        };
        return range is null ? null : string.Create(CultureInfo.InvariantCulture,
            $"the angles look like degrees: all lie in {range}, from {low:G4} to {high:G4}, and the model takes radians. Multiply them by Math.PI / 180, if so.");
    }

    private static bool IsOfAngles(Distribution model) => model switch
    {
        FamilyDistribution { Family: VonMises } => true,
        Flow flow => First(flow.Transform) is { } first ? IsOfAngles(first) : IsOfAngles(flow.Base),
        _ => false,
    };

    private static bool IsOfAngles(Transform transform) => transform is WrapAngles or Coupling { Map: CircleMap } or MaskedAutoregressive { Map: CircleMap } or ElementwiseTransform { Map: CircleMap }
        || (transform is InvertedTransform && IsOfAngles(transform.Inverted));

    // What data meet first, but for an order.
    private static Transform? First(Transform transform) => transform is Chain chain
        ? chain.Select(First).FirstOrDefault(each => each is not null)
        : transform is Permutation ? null : transform;
}
