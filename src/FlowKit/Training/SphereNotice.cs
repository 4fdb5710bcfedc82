using System.Globalization;
using FlowKit.Distributions;

namespace FlowKit.Training;

/// <summary>Refuses data off the sphere that their model lives on, and tells, once per training, of points that are on it only roughly and are projected.</summary>
internal static class SphereNotice
{
    private const double Rounding = 1e-6;                                    // of float32, and more

    /// <summary>Writes the notice to the error stream, if there is one to write.</summary>
    /// <exception cref="ArgumentException">A row is off the sphere.</exception>
    public static void Give(Distribution model, Dataset train, Dataset? validation, string name)
    {
        if (Of(model, train) is { } words) Console.Error.WriteLine($"'{name}': {words}");
        if (validation is not null) Of(model, validation, nameof(validation));
    }

    /// <summary>The notice; null where the model lives elsewhere, or every norm is 1 but for rounding.</summary>
    /// <exception cref="ArgumentException">A row is off the sphere.</exception>
    public static string? Of(Distribution model, Dataset data, string name = "train")
    {
        if (!model.IsOnSphere) return null;

        double largest = SpherePoints.Check(data.X, name);
        return largest > Rounding
            ? string.Create(CultureInfo.InvariantCulture, $"norms of the data differ from 1 by up to {largest:G2}; each point is divided by its norm, and stands for the point of the sphere it is nearest to.")
            : null;
    }
}
