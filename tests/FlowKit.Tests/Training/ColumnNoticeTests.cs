using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;

namespace FlowKit.Tests.Training;

public class ColumnNoticeTests
{
    private static readonly Table Spiked = Make(0.25);

    [Fact]
    public void A_column_in_which_a_value_recurs_is_named_with_its_share_once()
    {
        string line = Assert.Single(Told(Spiked).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("'training': one value fills a tenth of the rows or more in 1 of 3 columns: 'b' is 1.5 in 25.0 %. ", line);
        Assert.Contains("WithoutDiscrete", line);
    }

    [Fact]
    public void The_remedy_it_names_works() => Assert.Equal("", Told(Spiked.WithoutDiscrete()));

    [Theory]
    [InlineData(0.1, true)]
    [InlineData(0.095, false)]
    public void A_tenth_is_enough(double share, bool told) => Assert.Equal(told, ColumnNotice.Of(Maf.Create(3, layers: 2), Make(share)) is not null);

    [Fact]
    public void A_column_without_spread_is_refused_by_name() =>
        Assert.Contains("Column 'b' of train is 1.5 in every row", Assert.Throws<ArgumentException>(() => Told(Make(1))).Message);

    // The shares are read off a hundred thousand rows, evenly chosen.
    [Fact]
    public void A_column_that_is_constant_only_in_the_rows_looked_at_is_not_refused()
    {
        using var none = no_grad();
        var x = randn(250_000, 2);
        x.select(1, 1).fill_(0).narrow(0, 1, 1).fill_(1);
        Assert.Contains("'b' is 0 in 100.0 %", ColumnNotice.Of(new StandardNormal(2), new Table(x, "a", "b")));
        x.select(1, 1).fill_(0);
        Assert.Throws<ArgumentException>("train", () => ColumnNotice.Of(new StandardNormal(2), new Table(x, "a", "b")));
    }

    [Fact]
    public void The_first_columns_of_boston_and_ionosphere_are_named()
    {
        Assert.Contains("in 3 of 10 columns: 'ptratio' is 20.2 in 27.7 %, 'indus' is 18.1 in 26.1 %, 'b' is 396.9 in 23.9 %.", ColumnNotice.Of(new StandardNormal(10), DensityTables.Rnade("boston")));
        Assert.Contains("of 32 columns", ColumnNotice.Of(new StandardNormal(32), DensityTables.Rnade("ionosphere")));
        Assert.Null(ColumnNotice.Of(new StandardNormal(11), Table.Load("sachs")));                 // at most 9.3 %
    }

    public static TheoryData<string> Quiet => ["a tensor", "pixels", "dequantized", "a discrete law", "a mixture of discrete laws", "mask sets of a discrete law", "continuous columns"];

    [Theory, MemberData(nameof(Quiet))]
    public void Nothing_is_said_where_it_would_be_wrong(string name)
    {
        var maf = Maf.Create(3, layers: 2);
        var whole = new Table(Spiked.Values.round().clamp(0, 1), Spiked.Columns);
        (Distribution model, Dataset x) = name switch
        {
            "a tensor" => (maf, Spiked.Values),
            "pixels" => ((Distribution)RealNvp.Create(Digits.Pixels, 2), (Dataset)(Digits.Load().Images / 16)),
            "dequantized" => (new Flow(new Chain(new UniformDequantization(2), maf.Transform), maf.Base), whole),
            "a discrete law" => (new Bernoulli().Learned(3), whole),
            "a mixture of discrete laws" => (Mixture.Learned(new Bernoulli().Learned(3), new Bernoulli().Learned(3)), whole),
            "mask sets of a discrete law" => (new MaskEnsemble(new Bernoulli(), new Conditioners.Made(3, 1, [4], maskSets: 2)), whole),
            _ => (maf, Make(0)),
        };
        Assert.Null(ColumnNotice.Of(model, x));
    }

    // Column b is 1.5 in that share of 1000 rows.
    private static Table Make(double share)
    {
        manual_seed(3);
        var x = randn(1000, 3);
        using (no_grad()) x.select(1, 1).narrow(0, 0, (long)(share * 1000)).fill_(1.5);
        return new Table(x, "a", "b", "c");
    }

    private static string Told(Table table)
    {
        var (before, told) = (Console.Error, new StringWriter());
        Console.SetError(told);
        try
        {
            Trainer.Fit(Maf.Create(table.Columns.Count, layers: 2), table, table, new FitOptions { Steps = 3, Threads = 1 });
        }
        finally
        {
            Console.SetError(before);
        }
        return told.ToString();
    }
}
