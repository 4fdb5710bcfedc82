using FlowKit.Conditioners;
using FlowKit.Distributions;

namespace FlowKit.Training;

/// <summary>Warns, once per training, about a MADE with outputs that read nothing although features come before theirs.</summary>
internal static class MaskNotice
{
    /// <summary>Writes the notice to the error stream, if there is one to write.</summary>
    public static void Give(Distribution model, string name)
    {
        if (Of(model) is { } words) Console.Error.WriteLine($"'{name}': {words}");
    }

    /// <summary>The notice; null where every output reads.</summary>
    public static string? Of(Distribution model)
    {
        int[][] unconnected = [.. model.modules().OfType<Made>().Select(made => made.Unconnected.ToArray()).Where(features => features.Length > 0)];
        return unconnected.Length == 0 ? null
            : $"the masks leave the outputs of features {string.Join(", ", unconnected[0])} of a MADE unconnected: they read no feature before theirs. Give it wider layers, even degrees, or direct connections.";
    }
}
