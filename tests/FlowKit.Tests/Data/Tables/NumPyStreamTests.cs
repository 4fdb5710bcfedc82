using FlowKit.Data;

namespace FlowKit.Tests.Data;

public class NumPyStreamTests
{
    // numpy.random.RandomState(42): rand(3), and arange(10) shuffled, then rand(2).
    [Fact]
    public void A_seed_gives_numpys_numbers()
    {
        Assert.Equal([0.3745401188473625, 0.9507143064099162, 0.7319939418114051], new NumPyStream(42).Uniform(3));
        var stream = new NumPyStream(42);
        Assert.Equal([8, 1, 5, 0, 7, 2, 9, 4, 3, 6], stream.Permutation(10));
        Assert.Equal([0.15599452033620265, 0.05808361216819946], stream.Uniform(2));
    }

    // By Python's own Mersenne Twister: the state is renewed on the way.
    [Fact]
    public void The_stream_goes_on_beyond_its_state()
    {
        var stream = new NumPyStream(42);
        long[] rows = stream.Permutation(1000);
        Assert.Equal([521, 737, 740, 660, 411], rows[..5]);
        Assert.Equal([106, 270, 860, 435, 102], rows[^5..]);
        Assert.Equal([0.9899602323899452], stream.Uniform(1));
    }
}
