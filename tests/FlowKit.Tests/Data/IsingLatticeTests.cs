using FlowKit.Conditioners;
using FlowKit.Data;
using FlowKit.Distributions;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Data;

public class IsingLatticeTests
{
    [Theory, InlineData(0.2, 10.57667), InlineData(0.3, 9.84138), InlineData(0.4406868, 8.04806), InlineData(0.6, 5.23926)]
    public void The_entropies_of_the_four_by_four_lattice_are_known(double coupling, double entropy) =>
        Assert.Equal(entropy, new IsingLattice(4, 4, coupling).Entropy, 5e-6);

    [Theory, InlineData(4, 4, 0.3), InlineData(3, 5, -0.4), InlineData(1, 7, 0.8), InlineData(6, 1, 0.8)]
    public void The_partition_function_is_that_of_transfer_matrices(int rows, int columns, double coupling)
    {
        int states = 1 << columns;
        double[] sums = [.. Enumerable.Range(0, states).Select(state => Math.Exp(coupling * Bonds(state)))];
        for (int row = 1; row < rows; row++)
            sums = [.. Enumerable.Range(0, states).Select(next => Math.Exp(coupling * Bonds(next)) * Enumerable.Range(0, states).Sum(state => sums[state] * Math.Exp(coupling * Agreement(state, next))))];
        Assert.Equal(Math.Log(sums.Sum()), new IsingLattice(rows, columns, coupling).LogPartition, 1e-10);

        int Agreement(int a, int b) => columns - 2 * int.PopCount(a ^ b);
        int Bonds(int state) => columns - 1 - 2 * int.PopCount((state ^ state >> 1) & (states / 2 - 1));
    }

    [Fact]
    public void Without_coupling_the_spins_are_fair_coins()
    {
        var free = new IsingLattice(3, 4, coupling: 0);
        Assert.Equal(12 * Math.Log(2), free.Entropy, 1e-12);
        Assert.InRange(Distance(free.LogProb(free.States()), full(4096, -12 * Math.Log(2))), 0, 1e-5);
    }

    [Fact]
    public void The_divergence_is_zero_from_itself_and_that_of_the_entropies_from_fair_coins()
    {
        var spins = new IsingLattice(3, 3, 0.5);
        spins.to(float64);
        Assert.Equal(0, spins.Divergence(spins), 1e-12);
        Assert.Equal(9 * Math.Log(2) - spins.Entropy, spins.Divergence(new Bernoulli().Fixed(zeros(9, dtype: float64))), 1e-6);
        Assert.Throws<ArgumentException>("model", () => spins.Divergence(new StandardNormal(8)));
        Assert.Throws<ArgumentException>("model", () => spins.Divergence(new Autoregressive(new Bernoulli(), new Made(9, 1, [4], contextShape: 1))));
    }

    [Fact]
    public void Draws_are_as_exact_in_single_precision()
    {
        manual_seed(1);
        var spins = new IsingLattice();
        spins.to(float32);
        var x = spins.Sample(200_000);
        double bond = ((x.select(1, 5) * 2 - 1) * (x.select(1, 6) * 2 - 1)).mean().ToDouble();
        var states = spins.States().to(float64) * 2 - 1;
        var mass = spins.LogProb(spins.States()).to(float64).exp();
        double exact = (mass * states.select(1, 5) * states.select(1, 6)).sum().ToDouble();
        Assert.Equal(exact, bond, 4.5 * Math.Sqrt((1 - exact * exact) / 200_000));
    }

    [Fact]
    public void Too_many_spins_and_infinite_coupling_are_refused_by_name()
    {
        Assert.Contains("2^25", Assert.Throws<ArgumentException>("columns", () => new IsingLattice(5, 5)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => new IsingLattice(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>("coupling", () => new IsingLattice(2, 2, double.PositiveInfinity));
    }
}
