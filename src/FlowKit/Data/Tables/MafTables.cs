namespace FlowKit.Data;

/// <summary>How the tables of the MAF paper come out of their files. Papamakarios, Pavlakou, Murray 2017, arXiv:1705.07057, appendix D, and what the authors' public code settles.</summary>
internal static class MafTables
{
    /// <summary>GAS after its conversion.</summary>
    public const string Gases = "gas/ethylene_CO.npy";

    private const int Sensors = 16, Particles = 43, Pixels = 63;
    private const int Least = 12;          // rows of which a tenth, and a tenth of the rest, is one

    // Of the columns of the file: the steps in which the meters count, 0 for the time of day, which is continuous already.
    private static readonly (int Column, string Name, double Step)[] meters =
        [(0, "global active power", 0.001), (2, "voltage", 0.01), (4, "sub metering 1", 1), (5, "sub metering 2", 1), (6, "sub metering 3", 1), (7, "time", 0)];

    // Noise is drawn in the order voltage, active power, the three others together, row by row.
    public static (Table Train, Table Validation, Table Test) Power(string path)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var file = Columns(NpyFile.Load(path), 8, Least, path);
        var random = new NumPyStream(42);
        long count = file.size(0);
        using var order = tensor(random.Permutation(count), dtype: int64, device: CPU);
        var kept = file.index_select(0, order).index_select(1, tensor([.. meters.Select(meter => (long)meter.Column)], dtype: int64, device: CPU)).to(float64);     // (N, 6)

        var voltage = Uniform(1);
        var power = Uniform(1);
        var noise = cat([power, voltage, Uniform(3), zeros([count, 1], dtype: float64, device: CPU)], dim: 1);
        kept += noise * tensor([.. meters.Select(meter => meter.Step)], dtype: float64, device: CPU);
        return Tables(path, Tenths(kept), [.. meters.Select(meter => meter.Name)], scope);

        Tensor Uniform(int columns) => tensor(random.Uniform(count * columns), [count, columns], dtype: float64, device: CPU);
    }

    // The earlier of two columns goes, so the rule runs backwards.
    public static (Table Train, Table Validation, Table Test) Gas(string path)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var file = Columns(NpyFile.Load(path), Sensors, Least, path).to(float64);
        var sensors = Varying(path, () => new Table(file.flip(1), [.. Enumerable.Range(1, Sensors).Reverse().Select(i => $"sensor {i}")]).WithoutCorrelated(0.98).Standardized());
        return Split(Tenths(sensors.Values.flip(1)), [.. sensors.Columns.Reverse()], scope);
    }

    public static (Table Train, Table Validation, Table Test) Hepmass(string train, string test)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        Table known = Csv(train), fresh = Csv(test);
        if (known.Columns.Count < 2) throw FileBytes.Wrong(train, "a label and features", $"{known.Columns.Count} column");
        if (fresh.Columns.Count < known.Columns.Count) throw FileBytes.Wrong(test, $"the {known.Columns.Count} columns of the training file", $"{fresh.Columns.Count}");

        var x = Signal(known, train);
        var kept = Enumerable.Range(1, known.Columns.Count - 1).Where(i => Repeats(x.select(1, i)) <= 5).ToArray();
        if (kept.Length == 0) throw FileBytes.Wrong(train, "a column whose least value recurs at most 5 times", "none");
        using var index = tensor([.. kept.Select(i => (long)i)], dtype: int64, device: CPU);
        var rest = x.index_select(1, index);
        long validation = (long)(0.1 * rest.size(0));
        return Tables(train, [rest.narrow(0, 0, rest.size(0) - validation), rest.narrow(0, rest.size(0) - validation, validation), Signal(fresh, test).index_select(1, index)], [.. kept.Select(i => known.Columns[i])], scope);

        // The test has a column more than the training file, which the authors leave out as well.
        static Table Csv(string path)
        {
            using var file = FileBytes.Open(path);
            return CsvFile.Load(file, surplus: true);
        }

        static Tensor Signal(Table table, string path)
        {
            var rows = table.Values.select(1, 0).eq(1).nonzero().flatten();
            return rows.size(0) >= 10 ? table.Values.index_select(0, rows) : throw FileBytes.Wrong(path, "at least 10 rows with label 1", $"{rows.size(0)}");
        }

        static long Repeats(Tensor column) => column.eq(column.min()).sum().ToInt64();
    }

    public static (Table Train, Table Validation, Table Test) Miniboone(string path)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return Tables(path, Tenths(Columns(NpyFile.Load(path), Particles, Least, path).to(float64)), Numbers(Particles), scope);
    }

    public static (Table Train, Table Validation, Table Test) Bsds300(string path)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return Split([Part("train"), Part("validation"), Part("test")], Numbers(Pixels), scope);

        Tensor Part(string name) => Columns(Hdf5File.Load(path, name), Pixels, 1, path);
    }

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];

    private static Tensor Columns(Tensor x, int columns, int rows, string path)
    {
        if (x.Dimensions != 2 || x.size(1) != columns || x.size(0) < rows || !x.is_floating_point()) throw FileBytes.Wrong(path, $"real numbers of shape (N, {columns}), N >= {rows}", $"{Guard.Name(x.dtype)} {Guard.Describe(x)}");
        if (!x.isfinite().all().ToBoolean()) throw FileBytes.Wrong(path, "finite numbers", $"others in {x.isfinite().logical_not().any(1).sum().ToInt64()} rows");
        return x;
    }

    // The last tenth is the test, the last tenth of the rest the validation; tenths are rounded down.
    private static Tensor[] Tenths(Tensor x)
    {
        long test = (long)(0.1 * x.size(0)), validation = (long)(0.1 * (x.size(0) - test));
        return x.split([x.size(0) - test - validation, validation, test]);
    }

    // In standard deviations of what is not for the test.
    private static (Table Train, Table Validation, Table Test) Tables(string path, Tensor[] parts, string[] names, DisposeScope scope)
    {
        using var known = arange(parts[0].size(0) + parts[1].size(0), dtype: int64, device: CPU);
        var all = Varying(path, () => new Table(cat(parts), names).Standardized(known));
        return Split(all.Values.split([.. parts.Select(part => part.size(0))]), names, scope);
    }

    private static Table Varying(string path, Func<Table> table)
    {
        try
        {
            return table();
        }
        catch (ArgumentException error)
        {
            throw FileBytes.Wrong(path, "columns that vary", error.Message, error);
        }
    }

    private static (Table Train, Table Validation, Table Test) Split(Tensor[] parts, string[] names, DisposeScope scope)
    {
        var tables = parts.Select(part => new Table(scope.MoveToOuter(part.to(float32).contiguous()), names)).ToArray();
        return (tables[0], tables[1], tables[2]);
    }
}
