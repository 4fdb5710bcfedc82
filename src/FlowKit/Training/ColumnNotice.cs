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
        var found = columns.Select((name, i) => (Name: name, Most: Recurrence.Of(rows.select(1, i)))).Where(column => column.Most.Share >= Large).ToList();
        foreach (var (name, most) in found.Where(column => column.Most.Share == 1))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Column '{name}' of train is {most.Value:G6} in every row, where a density has no bound. Leave it out: table.Without(\"{name}\")."), nameof(train));
        if (found.Count == 0) return null;

        var words = found.OrderByDescending(column => column.Most.Share).Take(Named)
            .Select(column => string.Create(CultureInfo.InvariantCulture, $"'{column.Name}' is {column.Most.Value:G6} in {column.Most.Share * 100:F1} %"));
        return $"one value fills a tenth of the rows or more in {found.Count} of {columns.Count} columns: {string.Join(", ", words)}{(found.Count > Named ? ", ..." : "")}. "
            + "A continuous density has no bound there: leave such columns out (WithoutDiscrete), add noise of the size of their steps, or bound the model's scales from below.";
    }

    // A model with a bound only treats its data as whole numbers, which may recur, or adds noise to them.
    private static bool IsDensity(Distribution model) => model.IsExact && model switch
    {
        Flow flow => IsDensity(flow.Base),
        FamilyDistribution law => !law.Family.IsDiscrete,
        Autoregressive law => !law.Family.IsDiscrete,
        _ => true,
    };
}
