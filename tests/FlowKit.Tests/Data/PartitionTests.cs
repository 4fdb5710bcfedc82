using CsCheck;
using FlowKit.Data;

namespace FlowKit.Tests.Data;

public class PartitionTests
{
    [Fact]
    public void Parts_share_no_row_and_leave_none_out() =>
        Gen.Select(Gen.Long[10, 500], Gen.Int, Gen.Double[0.1, 0.5], Gen.Double[0.1, 0.4]).Sample((count, seed, first, second) =>
        {
            using var scope = NewDisposeScope();
            var parts = Partition.BySeed(count, seed, first, second, 1 - first - second);
            AssertPartition(count, parts);
            Assert.InRange(parts[0].size(0), first * count - 0.51, first * count + 0.51);
        }, iter: 200, threads: 1);

    [Fact]
    public void Sizes_are_as_asked_for()
    {
        var parts = Partition.OfSizes(1797, 3, 1300, 100, 397);
        Assert.Equal([1300L, 100, 397], parts.Select(part => part.size(0)));
        AssertPartition(1797, parts);
    }

    [Fact]
    public void Folds_test_every_row_once_and_train_on_all_the_others() =>
        Gen.Select(Gen.Long[10, 200], Gen.Int[2, 10], Gen.Int).Sample((count, folds, seed) =>
        {
            using var scope = NewDisposeScope();
            var parts = Partition.Folds(count, folds, seed);
            Assert.Equal(folds, parts.Length);
            AssertPartition(count, [.. parts.Select(part => part.Test)]);
            Assert.All(parts, part => AssertPartition(count, [part.Train, part.Test]));
            Assert.InRange(parts.Max(part => part.Test.size(0)) - parts.Min(part => part.Test.size(0)), 0, 1);
        }, iter: 100, threads: 1);

    [Fact]
    public void Folds_depend_on_the_seed_alone()
    {
        long[] Tested(int seed) => Partition.Folds(100, folds: 10, seed)[3].Test.data<long>().ToArray();
        Assert.Equal(Tested(1), Tested(1));
        Assert.NotEqual(Tested(1), Tested(2));
        Assert.Contains("Expected 2 to 10", Assert.Throws<ArgumentOutOfRangeException>(() => Partition.Folds(10, folds: 11, seed: 1)).Message);
        Assert.Equal("folds", Assert.Throws<ArgumentOutOfRangeException>(() => Partition.Folds(10, folds: 1, seed: 1)).ParamName);
        Assert.Equal("count", Assert.Throws<ArgumentOutOfRangeException>(() => Partition.Folds(0, folds: 2, seed: 1)).ParamName);
    }

    // Counted by another program from the definition of the generator.
    [Theory]
    [InlineData(1, new long[] { 4, 2, 8, 1, 9, 3, 0, 6, 7, 5 })]
    [InlineData(-1, new long[] { 3, 4, 2, 7, 5, 0, 8, 1, 9, 6 })]
    public void The_rows_of_a_seed_are_known(int seed, long[] rows)
    {
        var parts = Partition.BySeed(10, seed, 0.6, 0.4);
        Assert.Equal(rows[..6], parts[0].data<long>().ToArray());
        Assert.Equal(rows[6..], parts[1].data<long>().ToArray());
    }

    [Fact]
    public void Torchs_random_stream_is_neither_used_nor_moved()
    {
        manual_seed(1);
        using var before = get_rng_state();
        var first = Partition.BySeed(100, 5, 0.5, 0.5);
        using var after = get_rng_state();
        Assert.Equal(before.bytes.ToArray(), after.bytes.ToArray());
        manual_seed(2);
        Assert.Equal(first[0].data<long>().ToArray(), Partition.BySeed(100, 5, 0.5, 0.5)[0].data<long>().ToArray());
        Assert.NotEqual(first[0].data<long>().ToArray(), Partition.BySeed(100, 6, 0.5, 0.5)[0].data<long>().ToArray());
    }

    [Fact]
    public void Every_row_is_as_likely_in_every_place()
    {
        const int Seeds = 4000, Rows = 5;
        var counts = new int[Rows, Rows];
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var scope = NewDisposeScope();
            long[] rows = Partition.OfSizes(Rows, seed, Rows)[0].data<long>().ToArray();
            for (int place = 0; place < Rows; place++) counts[place, rows[place]]++;
        }
        double expected = Seeds / (double)Rows, error = Math.Sqrt(Seeds * 0.2 * 0.8);
        Assert.All(counts.Cast<int>(), count => Assert.InRange(count, expected - 4.5 * error, expected + 4.5 * error));
    }

    [Fact]
    public void Groups_never_straddle() =>
        Gen.Select(Gen.Int[0, 9].Array[40, 200], Gen.Int).Where((groups, _) => groups.Distinct().Count() >= 6).Sample((groups, seed) =>
        {
            using var scope = NewDisposeScope();
            var parts = Partition.ByGroup(groups, seed, 0.5, 0.25, 0.25);
            AssertPartition(groups.Length, parts);
            var seen = parts.Select(part => part.data<long>().ToArray().Select(row => groups[row]).ToHashSet()).ToArray();
            Assert.Equal(groups.Distinct().Count(), seen.Sum(part => part.Count));
        }, iter: 200, threads: 1);

    [Fact]
    public void What_cannot_be_divided_is_refused()
    {
        Assert.Contains("sum to 1; got 0.8, 0.1", Assert.Throws<ArgumentException>(() => Partition.BySeed(10, 1, 0.8, 0.1)).Message);
        Assert.Contains("above 0", Assert.Throws<ArgumentException>(() => Partition.BySeed(10, 1, 1.5, -0.5)).Message);
        Assert.Contains("above 0", Assert.Throws<ArgumentException>(() => Partition.BySeed(10, 1, double.NaN, 1)).Message);
        Assert.Contains("got 3 for parts of 3, 0", Assert.Throws<ArgumentException>(() => Partition.BySeed(3, 1, 0.9, 0.1)).Message);
        Assert.Contains("sum to 10; got 8, 1", Assert.Throws<ArgumentException>(() => Partition.OfSizes(10, 1, 8, 1)).Message);
        Assert.Contains("groups for every part to have one", Assert.Throws<ArgumentException>(() => Partition.ByGroup(["a", "a", "a"], 1, 0.5, 0.5)).Message);
        Assert.Equal("count", Assert.Throws<ArgumentOutOfRangeException>(() => Partition.BySeed(0, 1, 1.0)).ParamName);
    }

    private static void AssertPartition(long count, Tensor[] parts) =>
        Assert.Equal(Enumerable.Range(0, (int)count).Select(i => (long)i), parts.SelectMany(part => part.data<long>().ToArray()).Order());
}
