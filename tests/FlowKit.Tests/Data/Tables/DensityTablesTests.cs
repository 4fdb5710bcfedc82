using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using FlowKit.Data;
using FlowKit.Tests.Data.Files;
using PureHDF;

namespace FlowKit.Tests.Data;

/// <summary>The tables of the MAF paper, each in a small file of its format.</summary>
public sealed class DensityTablesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("flowkit tables ").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // Counted by another program from the authors' description: shuffled and with noise, both from NumPy's stream of seed 42.
    [Fact]
    public void Power_is_shuffled_gets_noise_and_is_split_by_tenths()
    {
        Write("power/data.npy", Npy(40, 8, (i, j) => Math.Sin(1 + i * 8 + j) + i % 7 * (j + 1)));
        var (train, validation, test) = DensityTables.Maf("power", folder);
        Assert.Equal((33, 3, 4), (train.Count, validation.Count, test.Count));
        Assert.Equal(["global active power", "voltage", "sub metering 1", "sub metering 2", "sub metering 3", "time"], train.Columns);
        Assert.Equal(float32, train.Values.dtype);
        Near([1.384565, 0.865141, 1.017049, 1.072126, 1.063695, 1.028924], train.Values[0]);
        Near([-0.652304, -1.109595, -1.209692, -1.141393, -1.040098, -1.066522], validation.Values[0]);
        Near([-0.206168, -0.188015, 0.074768, 0.005481, -0.072362, -0.114695], test.Values[3]);
        IsStandardized(cat([train.Values, validation.Values]));
    }

    [Fact]
    public void Of_gas_the_later_of_two_correlated_sensors_stays()
    {
        Write("gas/ethylene_CO.npy", Npy(100, 16, (i, j) => j switch
        {
            4 => 3 * Wave(i, 2) + 7,                                        // sensor 5 is sensor 3 again
            9 => -Wave(i, 7),                                               // but a negative correlation is none
            _ => Wave(i, j),
        }));
        var (train, validation, test) = DensityTables.Maf("GAS", folder);
        Assert.Equal(Enumerable.Range(1, 16).Where(i => i != 3).Select(i => $"sensor {i}"), train.Columns);
        Assert.Equal((81, 9, 10), (train.Count, validation.Count, test.Count));
        IsStandardized(cat([train.Values, validation.Values, test.Values]));
        Near([.. Standardized(100, i => Wave(i, 15))[^10..]], test.Values.select(1, 14));

        static double Wave(int i, int j) => Math.Sin(0.7 * (j + 1) * i + j);
    }

    [Fact]
    public void Gas_as_a_pickle_is_refused_with_the_command_that_converts_it()
    {
        Write("gas/ethylene_CO.pickle", [0x80, 2]);
        var refused = Assert.Throws<FileNotFoundException>(() => DensityTables.Maf("gas", folder));
        Assert.Contains($"There is no file {Path.Combine(folder, "gas", "ethylene_CO.npy")}", refused.Message);
        Assert.Contains("python3 -c \"import numpy, pandas; numpy.save(r'", refused.Message);
        Assert.Contains(Path.Combine(folder, "gas", "ethylene_CO.pickle"), refused.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",mass")]
    public void Hepmass_keeps_collisions_with_a_particle_and_columns_that_vary(string surplus)
    {
        // f1 is 0 or 1; f2 has its least value 5 times in the training rows with a particle, f3 6 times.
        string Line(int i, bool more) => string.Create(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? "1.0e+00" : "0.0e+00")},{Math.Sin(i):R},{i / 2 % 2},{(i < 10 ? -1 : i):R},{(i < 12 ? -1 : i):R}{(more ? ",1000" : "")}");
        string Text(int from, int count, bool more) => $"# label,f0,f1,f2,f3{(more ? surplus : "")}\n" + string.Join('\n', Enumerable.Range(from, count).Select(i => Line(i, more))) + "\n";
        Write("hepmass/1000_train.csv", Encoding.UTF8.GetBytes(Text(0, 80, more: false)));
        Write("hepmass/1000_test.csv", Encoding.UTF8.GetBytes(Text(80, 40, more: true)));

        var (train, validation, test) = DensityTables.Maf("hepmass", folder);
        Assert.Equal(["f0", "f2"], train.Columns);
        Assert.Equal((36, 4, 20), (train.Count, validation.Count, test.Count));
        IsStandardized(cat([train.Values, validation.Values]));
        Near([.. Standardized(40, i => Math.Sin(2 * i))[..36]], train.Values.select(1, 0));
    }

    [Fact]
    public void Miniboone_is_split_by_tenths()
    {
        Write("miniboone/data.npy", Npy(100, 43, (i, j) => Math.Sin(i * 43 + j) * (j + 1)));
        var (train, validation, test) = DensityTables.Maf("miniboone", folder);
        Assert.Equal((81, 9, 10), (train.Count, validation.Count, test.Count));
        Assert.Equal(43, train.Columns.Count);
        IsStandardized(cat([train.Values, validation.Values]));
    }

    [Fact]
    public void Bsds300_brings_its_parts_and_its_units()
    {
        H5Dataset Part(int rows)
        {
            double[,] x = new double[rows, 63];
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < 63; j++) x[i, j] = rows + 0.01 * j;
            return new(x);
        }
        var bytes = new MemoryStream();
        new H5File { ["train"] = Part(5), ["validation"] = Part(2), ["test"] = Part(3) }.Write(bytes);
        Write("BSDS300/BSDS300.hdf5", bytes.ToArray());

        var (train, validation, test) = DensityTables.Maf("bsds300", folder);
        Assert.Equal((5, 2, 3), (train.Count, validation.Count, test.Count));
        Assert.Equal(3.62f, test.Values[2, 62].ToSingle());
    }

    [Fact]
    public void A_table_comes_out_of_the_archive_and_is_unpacked_once()
    {
        byte[] file = Npy(20, 43, (i, j) => Math.Sin(i * 43 + j));
        File.WriteAllBytes(Path.Combine(folder, "data.tar.gz"), Archive(("data/power/data.npy", [1, 2, 3]), ("data/miniboone/data.npy", file), ("data/gas/ethylene_CO.pickle", [0x80, 2])));
        Assert.Equal(17, DensityTables.Maf("miniboone", folder).Train.Count);
        string unpacked = Path.Combine(folder, "data", "miniboone", "data.npy");
        Assert.Equal(file, File.ReadAllBytes(unpacked));
        Assert.False(File.Exists(unpacked + ".part"));

        Assert.Contains(Path.Combine(folder, "data", "gas", "ethylene_CO.pickle"), Assert.Throws<FileNotFoundException>(() => DensityTables.Maf("gas", folder)).Message);
        Assert.Contains("nor in an archive data.tar.gz there", Assert.Throws<FileNotFoundException>(() => DensityTables.Maf("bsds300", folder)).Message);

        File.WriteAllBytes(Path.Combine(folder, "data.tar.gz"), [0x1f, 0x8b, 1, 2, 3]);
        Assert.Equal(17, DensityTables.Maf("miniboone", folder).Train.Count);
        Assert.Contains("data.tar.gz: expected", Assert.Throws<InvalidDataException>(() => DensityTables.Maf("bsds300", folder)).Message);
    }

    [Fact]
    public void What_is_not_the_table_is_refused()
    {
        Assert.Contains("There are: power, gas, hepmass, miniboone, bsds300.", Assert.Throws<ArgumentException>(() => DensityTables.Maf("mnist", folder)).Message);
        Assert.Contains($"There is no file power/data.npy in {folder}", Assert.Throws<FileNotFoundException>(() => DensityTables.Maf("power", folder)).Message);

        Assert.Contains("(N, 8), N >= 12; found float64 (40, 7)", Refused("power", Npy(40, 7, (i, j) => i + j)));
        Assert.Contains("found float64 (11, 8)", Refused("power", Npy(11, 8, (i, j) => i + j)));
        Assert.Contains("expected finite numbers; found others in 2 rows", Refused("miniboone", Npy(40, 43, (i, j) => i < 2 ? double.NaN : i + j)));
        Assert.Contains("expected columns that vary; found Column '0' is constant", Refused("miniboone", Npy(40, 43, (i, j) => j)));
        Assert.Contains("NPY header", Refused("miniboone", "<html>404 Not Found</html>"u8.ToArray()));
        Assert.Contains("found int64 (40, 43)", Refused("miniboone", Fixtures.Npy("<i8", "40, 43", new byte[40 * 43 * 8])));

        Write("hepmass/1000_test.csv", "# label,f0\n1,2\n"u8.ToArray());
        Assert.Contains("expected the 3 columns of the training file; found 2", Hepmass("# label,f0,f1\n1,2,3\n"));
        Assert.Contains("expected at least 10 rows with label 1; found 1", Hepmass("# label,f0\n1,2\n0,3\n"));
        Assert.Contains("expected a finite number in line 3, column 'f0'; found 'x'", Hepmass("# label,f0\n1,2\n0,x\n"));
        Assert.Contains("at most 5 times; found none", Hepmass("# label,f0\n" + string.Concat(Enumerable.Repeat("1,2\n", 20))));

        string Refused(string name, byte[] bytes)
        {
            string path = Write($"{name}/data.npy", bytes);
            var refused = Assert.Throws<InvalidDataException>(() => DensityTables.Maf(name, folder));
            Assert.StartsWith(path, refused.Message);
            return refused.Message;
        }

        string Hepmass(string train)
        {
            Write("hepmass/1000_train.csv", Encoding.UTF8.GetBytes(train));
            return Assert.Throws<InvalidDataException>(() => DensityTables.Maf("hepmass", folder)).Message;
        }
    }

    private static byte[] Npy(int rows, int columns, Func<int, int, double> value) =>
        Fixtures.Npy("<f8", $"{rows}, {columns}", [.. Enumerable.Range(0, rows * columns).SelectMany(n => BitConverter.GetBytes(value(n / columns, n % columns)))]);

    private static byte[] Archive(params (string Name, byte[] Bytes)[] files)
    {
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionMode.Compress))
        using (var tar = new TarWriter(zip))
            foreach (var (name, bytes) in files) tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
        return packed.ToArray();
    }

    private static double[] Standardized(int rows, Func<int, double> value)
    {
        double[] x = [.. Enumerable.Range(0, rows).Select(value)];
        double mean = x.Average(), deviation = Math.Sqrt(x.Average(one => (one - mean) * (one - mean)));
        return [.. x.Select(one => (one - mean) / deviation)];
    }

    private static void IsStandardized(Tensor z)
    {
        using var exact = z.to(float64);
        Assert.True(exact.mean([0]).abs().max().ToDouble() < 1e-6);
        Assert.True((exact.std(0, unbiased: false) - 1).abs().max().ToDouble() < 1e-6);
    }

    // Of single precision.
    private static void Near(double[] expected, Tensor found)
    {
        float[] numbers = found.contiguous().data<float>().ToArray();
        Assert.Equal(expected.Length, numbers.Length);
        for (int i = 0; i < numbers.Length; i++) Assert.Equal(expected[i], numbers[i], 2e-6);
    }

    private string Write(string file, byte[] bytes)
    {
        string path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
