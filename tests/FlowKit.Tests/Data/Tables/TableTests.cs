using System.Security.Cryptography;
using System.Text;
using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Tests.Data.Files;
using FlowKit.Training;

namespace FlowKit.Tests.Data;

public sealed class TableTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("boston", 506, 14, "crim", "medv")]
    [InlineData("breast-cancer", 569, 31, "mean radius", "diagnosis")]
    [InlineData("eu-stock-markets", 1860, 4, "DAX", "FTSE")]
    [InlineData("ionosphere", 351, 35, "V1", "Class")]
    [InlineData("iris", 150, 5, "sepal length", "species")]
    [InlineData("sachs", 7466, 11, "praf", "pjnk")]
    [InlineData("quakes", 1000, 5, "lat", "stations")]
    [InlineData("wind", 310, 1, "direction", "direction")]
    [InlineData("Wine", 178, 14, "alcohol", "cultivar")]
    public void A_table_that_the_library_carries_has_a_name(string name, long rows, int columns, string first, string last)
    {
        var table = Table.Load(name);
        Assert.Equal([rows, columns], table.Values.shape);
        Assert.Equal(float64, table.Values.dtype);
        Assert.Equal((rows, columns), (table.Count, table.Columns.Count));
        Assert.Equal((first, last), (table.Columns[0], table.Columns[^1]));
    }

    [Fact]
    public void Every_file_that_the_library_carries_is_the_one_of_its_entry() => Assert.All(Catalog.Entries.Where(entry => entry.IsEmbedded).SelectMany(entry => entry.Files), file =>
    {
        using var stream = EmbeddedRoute.Open(file.Name);
        Assert.Equal(file.Size, stream.Length);
        Assert.Equal(file.Sha256, Convert.ToHexStringLower(SHA256.HashData(stream)));
    });

    [Fact]
    public void The_numbers_are_those_of_the_sources()
    {
        var boston = Table.Load("boston");
        Assert.Equal([0.00632, 18, 2.31, 0, 0.538, 6.575, 65.2, 4.09, 1, 296, 15.3, 396.9, 4.98, 24], boston.Values[0].data<double>().ToArray());
        Assert.Equal(22.532806324110677, boston["medv"].mean().ToDouble(), 12);                              // known to every user of the set
        Assert.Equal(35, boston["chas"].sum().ToDouble());
        var ionosphere = Table.Load("ionosphere");
        Assert.Equal((225.0, 0.0), (ionosphere["Class"].sum().ToDouble(), ionosphere["V2"].abs().max().ToDouble()));   // UCI: 225 good, 126 bad
        Assert.Equal([50L, 50, 50], Table.Load("iris")["species"].to(int64).bincount(null, 0).data<long>().ToArray());
        Assert.Equal([59L, 71, 48], Table.Load("wine")["cultivar"].to(int64).bincount(null, 0).data<long>().ToArray());
        Assert.Equal([212L, 357], Table.Load("breast-cancer")["diagnosis"].to(int64).bincount(null, 0).data<long>().ToArray());
        Assert.Equal([1628.75, 1678.1, 1772.8, 2443.6], Table.Load("eu-stock-markets").Values[0].data<double>().ToArray());
        Assert.Equal([5473.72, 7676.3, 3995, 5455], Table.Load("eu-stock-markets").Values[-1].data<double>().ToArray());
        Assert.Equal([-20.42, 181.62, 562, 4.8, 41], Table.Load("quakes").Values[0].data<double>().ToArray());
        Assert.Equal([-21.59, 170.56, 165, 6, 119], Table.Load("quakes").Values[-1].data<double>().ToArray());
        var (cosine, sine) = (Table.Load("wind").Values.cos().mean().ToDouble(), Table.Load("wind").Values.sin().mean().ToDouble());
        Assert.Equal((0.2921688, 0.6557247), (Math.Round(Math.Atan2(sine, cosine), 7), Math.Round(double.Hypot(cosine, sine), 7)));      // the mean direction and its length
        Assert.Equal(26.4, Math.Pow(10, Table.Load("sachs")["praf"][0].ToDouble()), 3);                      // measured with 3 digits
    }

    // Published: -11.37 and -41.24 (Uria et al. 2013, table 2). The folds differ; the spread of a figure over their seeds is 0.04 and 0.17.
    [Theory]
    [InlineData("boston", -11.38, 0.04)]
    [InlineData("ionosphere", -41.20, 0.17)]
    public void A_gaussian_scores_what_the_papers_say(string name, double figure, double spread)
    {
        var table = DensityTables.Rnade(name);
        double[] figures = [.. Enumerable.Range(0, 5).Select(seed => -Estimate.Of([.. Partition.Folds(table.Count, folds: 10, seed).Select(LossOf)]).Mean)];
        Assert.InRange(figures.Average(), figure - spread, figure + spread);

        double LossOf((Tensor Train, Tensor Test) rows)
        {
            using var scope = NewDisposeScope();
            var z = table.Standardized(rows.Train);
            var x = z.Rows(rows.Train).Values;
            var gaussian = new MultivariateNormal(x.mean([0]), cov(x.mT, correction: 0)).to(float64);
            return Trainer.NegativeLogLikelihood(gaussian, z.Rows(rows.Test)).Mean;
        }
    }

    [Fact]
    public void A_file_has_names_and_numbers()
    {
        var table = Read("a,\"b, c\"\r\n1,-2.5\r\n3e2,4\r\n");
        Assert.Equal(["a", "b, c"], table.Columns);
        Assert.Equal([1, -2.5, 300, 4], table.Values.data<double>().ToArray());
        Assert.Equal([-2.5, 4], table["b, c"].contiguous().data<double>().ToArray());
        Assert.Equal("2 rows of 2 columns: a, b, c", table.ToString());
        Assert.Equal(["0", "1"], Table.Read(scratch.Write("1;2\n"u8.ToArray()), header: false, separator: ';').Columns);
        Assert.Equal(["# a", "b"], Read("# a,b\n1,2\n").Columns);                                            // no comment, as the first line of HEPMASS
        Assert.Equal([1.0], Table.Read(scratch.Write(Fixtures.Packed("a\n1\n"u8.ToArray())))["a"].data<double>().ToArray());
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,x\n", "expected a finite number in line 3, column 'b'; found 'x'")]
    [InlineData("a,b\n1,2\n,4\n", "expected a finite number in line 3, column 'a'; found ''")]
    [InlineData("a,b\n1,NaN\n", "expected a finite number in line 2, column 'b'; found 'NaN'")]
    [InlineData("a,b\n1,2\n1,-Infinity\n", "expected a finite number in line 3, column 'b'; found '-Infinity'")]
    [InlineData("a,b\n1,1e999\n", "expected a finite number in line 2, column 'b'; found '1e999'")]
    [InlineData("a,b\n1,2,3\n", "expected 2 fields in line 2; found 3")]
    [InlineData("a,b\n1,2\n1\n", "expected 2 fields in line 3; found 1")]
    [InlineData("a,a\n1,2\n", "expected names that differ; found 'a' in 2 columns")]
    [InlineData(",a\n0,2\n", "expected a name for every column in the first line; found none for column 1 of 2")]
    [InlineData("a,b\n", "expected at least one line of numbers; found none")]
    public void A_wrong_field_is_refused_with_its_line(string text, string words) => Assert.Contains(words, Assert.Throws<InvalidDataException>(() => Read(text)).Message);

    [Fact]
    public void A_missing_file_and_a_wrong_name_are_refused()
    {
        Assert.Contains("There is no file", Assert.Throws<FileNotFoundException>(() => Table.Read(scratch["none.csv"])).Message);
        Assert.Contains("There is no table 'mnist'. There are: boston, breast-cancer, eu-stock-markets, ionosphere, iris, quakes, sachs, wind, wine;", Assert.Throws<ArgumentException>(() => Table.Load("mnist")).Message);
        Assert.Contains("There are: boston, ionosphere.", Assert.Throws<ArgumentException>(() => DensityTables.Rnade("wine")).Message);
    }

    [Fact]
    public void Rows_and_columns_are_chosen_by_number_and_name()
    {
        var table = new Table(arange(12, dtype: float64).reshape(4, 3), "a", "b", "c");
        Assert.Equal([9.0, 10, 11, 3, 4, 5], table.Rows(tensor(new[] { 3L, 1 })).Values.data<double>().ToArray());
        var rest = table.Without("a", "c");
        Assert.Equal(["b"], rest.Columns);
        Assert.Equal([1.0, 4, 7, 10], rest.Values.data<double>().ToArray());
        Assert.Equal(["a", "b", "c"], table.Columns);
    }

    [Theory]
    [InlineData("boston", 10)]
    [InlineData("ionosphere", 32)]
    public void Rnade_keeps_the_columns_of_its_paper(string name, int columns) => Assert.Equal(columns, DensityTables.Rnade(name).Columns.Count);

    [Fact]
    public void Units_are_standard_deviations_of_the_rows_to_train_on()
    {
        manual_seed(1);
        var table = new Table(randn(50, 3, dtype: float64) * tensor(new[] { 1.0, 20, 300 }) + 7, "a", "b", "c");
        using var rows = arange(0, 40, dtype: int64);
        var z = table.Standardized(rows);
        var x = table.Values.narrow(0, 0, 40);
        var expected = (table.Values - x.mean([0])) / x.std(0, unbiased: false);
        Assert.True(FlowKit.Laws.Expect.Distance(z.Values, expected) < 1e-12);
        Assert.True(z.Rows(rows).Values.mean([0]).abs().max().ToDouble() < 1e-12);
        Assert.Equal(float32, new Table(table.Values.to(float32), "a", "b", "c").Standardized().Values.dtype);
    }

    [Fact]
    public void A_column_without_spread_is_named()
    {
        var table = new Table(tensor(new[,] { { 1.0, 5 }, { 2, 5 }, { 3, 6 } }), "a", "b");
        using var first = tensor(new[] { 0L, 1 });
        Assert.Contains("Column 'b' is constant in these 2 rows", Assert.Throws<ArgumentException>(() => table.Standardized(first)).Message);
        Assert.Contains("Column 'V2' is constant in all 351 rows", Assert.Throws<ArgumentException>(() => Table.Load("ionosphere").Standardized()).Message);
        Assert.Contains("'V2'", Assert.Throws<ArgumentException>(() => Table.Load("ionosphere").WithoutCorrelated()).Message);
    }

    [Fact]
    public void Discrete_columns_are_those_in_which_a_value_fills_the_share()
    {
        Assert.Equal(["crim", "nox", "rm", "age", "dis", "lstat", "medv"], Table.Load("boston").WithoutDiscrete().Columns);
        Assert.Equal(13, Table.Load("boston").WithoutDiscrete(share: 0.9).Columns.Count);                     // all but chas, 93 % zeros
        var table = new Table(tensor(new[,] { { 1.0, 1 }, { 1, 2 }, { 2, 3 }, { 3, 4 } }), "half", "quarter");
        Assert.Equal(["quarter"], table.WithoutDiscrete(share: 0.5).Columns);
        Assert.Contains("No column would be left of half, quarter", Assert.Throws<ArgumentException>(() => table.WithoutDiscrete(share: 0.25)).Message);
    }

    [Fact]
    public void Of_correlated_columns_the_first_stays()
    {
        manual_seed(2);
        var a = randn(500, 1, dtype: float64);
        var b = randn(500, 1, dtype: float64);
        var table = new Table(cat([a, 3 * a + 7, b, -b, b + 0.3 * a], dim: 1), "a", "same as a", "b", "minus b", "near b");
        Assert.Equal(["a", "b", "minus b", "near b"], table.WithoutCorrelated().Columns);
        Assert.Equal(["a", "b", "minus b"], table.WithoutCorrelated(above: 0.9).Columns);
        Assert.Equal(13, Table.Load("wine").Without("cultivar").WithoutCorrelated().Columns.Count);
        Assert.Equal(26, Table.Load("breast-cancer").Without("diagnosis").WithoutCorrelated().Columns.Count);         // counted by another program
    }

    [Fact]
    public void What_is_no_table_is_refused()
    {
        var x = ones(3, 2);
        Assert.Contains("int64 of shape (2, 2); expected real numbers", Refused(() => new Table(ones(2, 2, dtype: int64), "a", "b")));
        Assert.Contains("shape (0, 2)", Refused(() => new Table(ones(0, 2), "a", "b")));
        Assert.Contains("columns has 1 names; expected 2", Refused(() => new Table(x, "a")));
        Assert.Contains("'a' 2 times", Refused(() => new Table(x, "a", "a")));
        Assert.Contains("blank", Refused(() => new Table(x, "a", " ")));
        Assert.Contains("NaN in row 1, column 'b'", Refused(() => new Table(tensor(new[,] { { 1.0, 2 }, { 3, double.NaN } }), "a", "b")));
        var table = new Table(x, "a", "b");
        Assert.Contains("There is no column 'c'; the columns are a, b", Refused(() => table.Without("c")));
        Assert.Contains("There is no column 'c'", Refused(() => _ = table["c"]));
        Assert.Contains("No column would be left", Refused(() => table.Without("a", "b")));
        Assert.Contains("rows holds 3; expected 0..2", Refused(() => table.Rows(tensor(new[] { 0L, 3 }))));
        Assert.Contains("rows holds -1", Refused(() => table.Standardized(tensor(new[] { -1L }))));
        Assert.Contains("expected int64 of shape (n,)", Refused(() => table.Rows(ones(2))));
        Assert.Equal("share", Assert.Throws<ArgumentOutOfRangeException>(() => table.WithoutDiscrete(share: 0)).ParamName);
        Assert.Equal("above", Assert.Throws<ArgumentOutOfRangeException>(() => table.WithoutCorrelated(above: 1)).ParamName);

        static string Refused(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
    }

    private Table Read(string text) => Table.Read(scratch.Write(Encoding.UTF8.GetBytes(text)));
}
