using System.Globalization;
using FlowKit.Data;
using FlowKit.Distributions;

namespace FlowKit.Training;

/// <summary>Refuses a table's constant column and warns, once per training, of columns in which one value recurs: a continuous density has no bound there. Data that are not a table pass.</summary>
internal static class ColumnNotice
{
    private const double Large = 0.1;
    private const int Named = 5;

    /// <summary>Writes the notice to the error stream, if there is one to write.</summary>
    /// <exception cref="ArgumentException">A column is constant.</exception>
    public static void Give(Distribution model, Dataset train, string name)
    {
        if (Of(model, train) is { } words) Console.Error.WriteLine($"'{name}': {words}");
    }

    /// <summary>The notice; null where no value recurs so often, the data are not a table, or the model is not a density of them as they are.</summary>
    /// <exception cref="ArgumentException">A column is constant.</exception>
    public static string? Of(Distribution model, Dataset train)
    {
        if (train.Columns is not { } columns || train.Count < 2 || !IsDensity(model)) return null;

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var rows = Recurrence.Evenly(train.X);
        var found = columns.Select((name, i) => (Name: name, Column: train.X.select(1, i), Most: Recurrence.Of(rows.select(1, i)))).Where(column => column.Most.Share >= Large).ToList();
        foreach (var (name, column, most) in found)
            if (most.Share == 1 && column.eq(most.Value).all().ToBoolean())                      // the shares are those of some of the rows
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Column '{name}' of train is {most.Value:G6} in every row, where a density has no bound. Leave it out: table.Without(\"{name}\")."), nameof(train));
        if (found.Count == 0) return null;

        var words = found.OrderByDescending(column => column.Most.Share).Take(Named)
            .Select(column => string.Create(CultureInfo.InvariantCulture, $"'{column.Name}' is {column.Most.Value:G6} in {column.Most.Share * 100:F1} %"));
        return $"one value fills a tenth of the rows or more in {found.Count} of {columns.Count} columns: {string.Join(", ", words)}{(found.Count > Named ? ", ..." : "")}. "
            + "A continuous density has no bound there: leave such columns out (WithoutDiscrete), add noise of the size of their steps, or bound the model's scales from below.";
    }

    // Whole numbers may recur. A model with a bound only is let pass: most such models take whole numbers, or add noise to what they are given.
    private static bool IsDensity(Distribution model) => model.IsExact
        && !model.modules().Prepend(model).Any(part => part is FamilyDistribution { Family.IsDiscrete: true } or Autoregressive { Family.IsDiscrete: true });
}
