using FlowKit.Data;
using FlowKit.Distributions;

namespace FlowKit.Tests.Data;

public class PottsLatticeTests
{
    [Theory]
    [InlineData(3, 3, 0.1, 10.30100, 9.87386), InlineData(3, 3, 0.5, 12.24496, 9.49857), InlineData(3, 3, 1, 15.48223, 7.89090)]
    [InlineData(3, 4, 1, 16.87461, 10.66106), InlineData(3, 5, 1, 18.10485, 12.87884)]
    [InlineData(4, 3, 0.5, 22.29502, 16.79176), InlineData(4, 3, 1, 28.83734, 13.28206), InlineData(4, 4, 1, 31.01947, 18.34417)]
    public void Partition_functions_and_entropies_are_known(int side, int colors, double coupling, double logPartition, double entropy)
    {
        var potts = new PottsLattice(side, side, colors, coupling);
        Assert.Equal(logPartition, potts.LogPartition, 5.1e-6);
        Assert.Equal(entropy, potts.Entropy, 5.1e-6);
    }

    [Theory, InlineData(3, 3, 3, 0.5), InlineData(2, 4, 4, -0.8), InlineData(4, 2, 3, 1.2), InlineData(1, 5, 2, 0.3), InlineData(1, 1, 4, 2)]
    public void The_transfer_matrix_agrees_with_the_sum_over_all_states(int rows, int columns, int colors, double coupling)
    {
        var potts = new PottsLattice(rows, columns, colors, coupling);
        potts.to(float64);
        var support = new FiniteSupport(rows * columns, colors);
        Assert.Equal(1, support.LogProbs(potts).exp().sum().ToDouble(), 1e-12);
        Assert.Equal(potts.Entropy, support.Entropy(potts), 1e-10);
        var independent = new Categorical(colors).Learned(rows * columns);
        independent.to(float64);
        Assert.Equal(rows * columns * Math.Log(colors) - potts.Entropy, support.Divergence(potts, independent), 1e-10);
    }

    [Fact]
    public void With_two_colors_it_is_the_Ising_lattice_of_half_the_coupling()
    {
        var (potts, ising) = (new PottsLattice(3, 4, colors: 2, coupling: 0.7), new IsingLattice(3, 4, coupling: 0.35));
        potts.to(float64);
        ising.to(float64);
        Assert.Equal(ising.Entropy, potts.Entropy, 1e-10);
        Assert.Equal(0, new FiniteSupport(12, 2).Divergence(ising, potts), 1e-12);
    }

    [Fact]
    public void Draws_of_a_lattice_that_cannot_be_enumerated_have_its_mean_energy()
    {
        manual_seed(1);
        const int draws = 40_000;
        var potts = new PottsLattice(5, 4, colors: 4, coupling: 0.6);
        var nll = -potts.LogProb(potts.Sample(draws)).to(float64);
        Assert.Equal(potts.Entropy, nll.mean().ToDouble(), 4.5 * nll.std().ToDouble() / Math.Sqrt(draws));
    }

    [Fact]
    public void Rows_with_too_many_colorings_and_infinite_coupling_are_refused_by_name()
    {
        Assert.Contains("5^5", Assert.Throws<ArgumentException>("columns", () => new PottsLattice(3, 5, 5)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => new PottsLattice(0, 3, 3));
        Assert.Throws<ArgumentOutOfRangeException>("colors", () => new PottsLattice(3, 3, 1));
        Assert.Throws<ArgumentOutOfRangeException>("coupling", () => new PottsLattice(3, 3, 3, double.NaN));
    }
}
