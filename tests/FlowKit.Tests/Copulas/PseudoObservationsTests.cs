using FlowKit.Copulas;

namespace FlowKit.Tests;

public class PseudoObservationsTests
{
    private static readonly Tensor Tied = tensor(new[,] { { 0.1, 7 }, { 0.3, 7 }, { 0.2, 9 }, { -4, 7 } });

    [Fact]
    public void Ranks_are_divided_by_one_more_than_their_number_and_ties_share_theirs()
    {
        var ranks = PseudoObservations.Of(Tied);
        Assert.Equal([2 / 5.0, 2 / 5.0, 4 / 5.0, 2 / 5.0, 3 / 5.0, 4 / 5.0, 1 / 5.0, 2 / 5.0], ranks.Values.data<double>().ToArray());
        Assert.Equal([0, 0.75], ranks.TieShares);
        Assert.Equal(["x1", "x2"], ranks.Names);
        Assert.Contains("75.0 % of 'x2'", ranks.Warning);
        Assert.Null(PseudoObservations.Of(rand(50, 3)).Warning);
    }

    [Fact]
    public void Ranks_do_not_change_under_increasing_maps()
    {
        manual_seed(1);
        var x = randn(300, 2, dtype: float64);
        Assert.True(PseudoObservations.Of(x).Values.equal(PseudoObservations.Of(x.exp()).Values).all().ToBoolean());
    }

    [Fact]
    public void Jitter_breaks_ties_by_its_seed_alone()
    {
        var x = ones(100, 1, dtype: float64);
        x[0] = 0;
        Tensor Of(int seed) => PseudoObservations.Of(x, jitter: seed).Values;
        Assert.Equal(100, Of(1).unique().output.numel());
        Assert.True(Of(1).equal(Of(1)).all().ToBoolean());
        Assert.False(Of(1).equal(Of(2)).all().ToBoolean());
        Assert.Equal(1 / 101.0, Of(3)[0].ToDouble());
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_column()
    {
        var x = randn(10, 2, dtype: float64);
        x[3, 1] = double.NaN;
        x[5, 1] = double.NaN;
        Assert.Contains("Column 'b' of x holds NaN in 2 of 10 rows", Assert.Throws<ArgumentException>("x", () => PseudoObservations.Of(x, ["a", "b"])).Message);
        x[3, 1] = x[5, 1] = double.PositiveInfinity;
        Assert.Contains("'b'", Assert.Throws<ArgumentException>("x", () => PseudoObservations.Of(x, ["a", "b"])).Message);
        x.select(1, 1).fill_(2);
        Assert.Contains("Column 'b' of x is 2 in every row", Assert.Throws<ArgumentException>("x", () => PseudoObservations.Of(x, ["a", "b"])).Message);
        Assert.Throws<ArgumentException>("names", () => PseudoObservations.Of(rand(9, 2), ["a"]));
        Assert.Throws<ArgumentException>("names", () => PseudoObservations.Of(rand(9, 2), ["a", "a"]));
        Assert.Throws<ArgumentException>("x", () => PseudoObservations.Of(rand(9)));
        Assert.Throws<ArgumentException>("x", () => PseudoObservations.Of(rand(1, 2)));
    }
}
