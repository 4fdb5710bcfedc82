using System.Globalization;
using FlowKit.Training;

namespace FlowKit.Data;

/// <summary>Numbers in rows, one an example, and in columns that have names.</summary>
/// <remarks>
/// A table never changes; what selects rows or columns or changes units gives a new one. Where a <see cref="Dataset"/> is wanted a table can stand: <see cref="Trainer.Fit(Distributions.Distribution, Dataset, Dataset?, FitOptions?)"/>
/// then refuses a constant column by name, and warns of one in which a single value fills a tenth of the rows or more, as a continuous density has no bound at either.
/// </remarks>
/// <example><code>
/// var table = Table.Load("boston").Without("chas", "rad", "zn", "tax");
/// Console.WriteLine(table);                  // => 506 rows of 10 columns: crim, indus, nox, rm, age, dis, ptratio, b, lstat, medv
/// var (train, test) = Partition.Folds(table.Count, folds: 10, seed: 0)[0];
/// var z = table.Standardized(train);         // by the mean and the sd of the rows to train on
/// Console.WriteLine(z.Rows(test).Values);    // => [50x10], type = Float64, device = cpu
///
/// File.WriteAllText("people.csv", "height,weight\n1.81,77.5\n1.68,58\n");
/// Console.WriteLine(Table.Read("people.csv")["weight"].npstr());  // => [77.5, 58]
/// </code></example>
public sealed class Table
{
    /// <summary>A table of those numbers.</summary>
    /// <param name="values">(N, D), floating point and finite, N >= 1, D >= 1; not copied.</param>
    /// <param name="columns">D names, all different.</param>
    /// <exception cref="ArgumentException">The values are not such, or the names are not D, blank or not different.</exception>
    public Table(Tensor values, params IReadOnlyList<string> columns)
    {
        Guard.Number(values);
        ArgumentNullException.ThrowIfNull(columns);
        if (values.Dimensions != 2 || values.numel() == 0 || !values.is_floating_point())
            throw new ArgumentException($"values is {Guard.Name(values.dtype)} of shape {Guard.Describe(values)}; expected real numbers of shape (N, D), N >= 1, D >= 1.", nameof(values));
        if (columns.Count != values.size(1)) throw new ArgumentException($"columns has {columns.Count} names; expected {values.size(1)}, as values has shape {Guard.Describe(values)}.", nameof(columns));
        if (columns.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("columns holds a blank name.", nameof(columns));
        if (columns.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } repeated) throw new ArgumentException($"columns holds '{repeated.Key}' {repeated.Count()} times; expected different names.", nameof(columns));
        CheckFinite(values, columns);
        (Values, Columns) = (values, [.. columns]);
    }

    /// <summary>(N, D); float64 out of a file.</summary>
    public Tensor Values { get; }

    /// <summary>Names of the D columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Rows, N.</summary>
    public long Count => Values.size(0);

    /// <summary>One column, (N).</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public Tensor this[string column] => Values.select(1, IndexOf(column, nameof(column)));

    /// <summary>A table that the library carries: boston, breast-cancer, eu-stock-markets, ionosphere, iris, quakes, sachs, wind, wine. Classes are whole numbers in the last column.</summary>
    /// <exception cref="ArgumentException">There is no table of that name.</exception>
    public static Table Load(string name) => EmbeddedTable.Load(name);

    /// <summary>A CSV file (RFC 4180): UTF-8, plain or gzip, with a point in the fractions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">Whether its first line names the columns; if not, their names are their numbers from 0.</param>
    /// <param name="separator">Between the fields.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A field is not a finite number, a line has a different number of fields than the first, names repeat, or there are no lines; the message names the line.</exception>
    public static Table Read(string path, bool header = true, char separator = ',')
    {
        using var file = FileBytes.Open(path);
        return CsvFile.Load(file, header, separator);
    }

    /// <summary>As examples without a context.</summary>
    public static implicit operator Dataset(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new(table.Values) { Columns = table.Columns };
    }

    /// <summary>Some of the rows.</summary>
    /// <param name="rows">Their numbers, (n), int64, as <see cref="Partition"/> gives them.</param>
    /// <exception cref="ArgumentException">They are not such, or a number is not in 0..N-1.</exception>
    public Table Rows(Tensor rows)
    {
        Check(rows, nameof(rows));
        return new(Values.index_select(0, rows.to(Values.device)), Columns);
    }

    /// <summary>The other columns.</summary>
    /// <param name="columns">Names of those to leave out.</param>
    /// <exception cref="ArgumentException">There is no such column, or none would be left.</exception>
    public Table Without(params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var left = columns.Select(name => IndexOf(name, nameof(columns))).ToHashSet();
        return Keep(i => !left.Contains(i), nameof(columns));
    }

    /// <summary>The columns that are not discrete: those in which no single value fills so large a share of the rows.</summary>
    /// <remarks>Uria, Murray, Larochelle 2013 (arXiv:1306.0186) and Papamakarios et al. 2017 (arXiv:1705.07057, appendix D) leave out discrete columns, by an eye that looks at them; the share is ours.</remarks>
    /// <param name="share">In (0, 1].</param>
    /// <exception cref="ArgumentException">No column would be left.</exception>
    public Table WithoutDiscrete(double share = 0.1)
    {
        if (!(share is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "Expected a number in (0, 1].");
        return Keep(i => Recurrence.Of(Values.select(1, i)).Share < share, nameof(share));
    }

    /// <summary>The columns without those whose correlation with an earlier one exceeds a bound, to leave one of those that say the same (Papamakarios et al. 2017, arXiv:1705.07057, appendix D).</summary>
    /// <param name="above">In [0, 1). The correlation's sign counts: -0.99 is not above.</param>
    /// <exception cref="ArgumentException">A column is constant, so that it has no correlation.</exception>
    public Table WithoutCorrelated(double above = 0.98)
    {
        if (!(above is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(above), above, "Expected a number in [0, 1).");
        bool[] follows = Follows();
        return Keep(i => !follows[i], nameof(above));

        bool[] Follows()
        {
            using var none = no_grad();
            using var scope = NewDisposeScope();
            var z = Standardized().Values.to(float64);
            return z.transpose(0, 1).mm(z).div(Count).tril(-1).gt(above).any(1).data<bool>().ToArray();        // (D, D): with the columns before
        }
    }

    /// <summary>In units of standard deviations from the mean: z = (x - m) / s, column by column, with m and s (divisor n) of some of the rows.</summary>
    /// <remarks>Log-densities of z are those of x plus the sum of ln s, so that they compare only between models of the same z.</remarks>
    /// <param name="rows">The rows to train on, (n), int64; null for all.</param>
    /// <exception cref="ArgumentException">A column is constant in these rows.</exception>
    public Table Standardized(Tensor? rows = null)
    {
        if (rows is not null) Check(rows, nameof(rows));
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var known = (rows is null ? Values : Values.index_select(0, rows.to(Values.device))).to(float64);
        if (known.amax([0]).eq(known.amin([0])) is var constant && constant.any().ToBoolean())
            throw new ArgumentException($"Column '{Columns[(int)constant.to(int64).argmax().ToInt64()]}' is constant in {(rows is null ? "all" : "these")} {known.size(0)} rows: it has no spread to divide by. Leave it out (Without).", rows is null ? null : nameof(rows));
        var mean = known.mean([0]);
        var deviation = (known - mean).square().mean([0]).sqrt();
        return new(scope.MoveToOuter(((Values.to(float64) - mean) / deviation).to(Values.dtype)), Columns);
    }

    /// <summary>506 rows of 14 columns: crim, zn, ...</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count} rows of {Columns.Count} columns: {string.Join(", ", Columns)}");

    private Table Keep(Func<int, bool> stays, string name)
    {
        int[] kept = [.. Enumerable.Range(0, Columns.Count).Where(stays)];
        if (kept.Length == 0) throw new ArgumentException($"No column would be left of {string.Join(", ", Columns)}.", name);
        using var index = tensor([.. kept.Select(i => (long)i)], dtype: int64, device: Values.device);
        return new(Values.index_select(1, index), [.. kept.Select(i => Columns[i])]);
    }

    private int IndexOf(string column, string name)
    {
        for (int i = 0; i < Columns.Count; i++)
            if (Columns[i] == column) return i;
        throw new ArgumentException($"There is no column '{column}'; the columns are {string.Join(", ", Columns)}.", name);
    }

    private void Check(Tensor rows, string name)
    {
        Guard.Number(rows, name);
        if (rows.dtype != int64 || rows.Dimensions != 1 || rows.size(0) == 0)
            throw new ArgumentException($"{name} is {Guard.Name(rows.dtype)} of shape {Guard.Describe(rows)}; expected int64 of shape (n,), n >= 1.", name);
        using var scope = NewDisposeScope();
        var (least, most) = (rows.min().ToInt64(), rows.max().ToInt64());
        if (least < 0 || most >= Count) throw new ArgumentException($"{name} holds {(least < 0 ? least : most)}; expected 0..{Count - 1}.", name);
    }

    private static void CheckFinite(Tensor values, IReadOnlyList<string> columns)
    {
        using var scope = NewDisposeScope();
        var bad = values.isfinite().logical_not();
        if (!bad.any().ToBoolean()) return;

        long row = bad.any(1).to(int64).argmax().ToInt64(), column = bad.select(0, row).to(int64).argmax().ToInt64();
        throw new ArgumentException($"values holds {values[row, column].ToDouble().ToString(CultureInfo.InvariantCulture)} in row {row}, column '{columns[(int)column]}'; expected finite numbers.", nameof(values));
    }
}
