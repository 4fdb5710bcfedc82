using FlowKit.Compression;

namespace FlowKit.Tests.Compression;

public class LogisticLawTests
{
    [Fact]
    public void Portable_functions_are_those_of_the_mathematics()
    {
        for (double x = -690; x <= 690; x += 0.37)
        {
            Assert.Equal(1, PortableMath.Exp(x) / Math.Exp(x), 1e-14);
            Assert.Equal(1, PortableMath.Sigmoid(x) * (1 + Math.Exp(-x)), 1e-14);
        }
        Assert.Equal(1, PortableMath.Exp(0));
        Assert.Equal(PortableMath.Exp(700), PortableMath.Exp(1e9));
        Assert.Equal(Math.ScaleB(1, -1000), PortableMath.PowerOfTwo(-1000));
    }

    // Made by this program on another day and machine: a change of the arithmetic that changes a bit makes old archives unreadable.
    [Fact]
    public void Tables_are_the_same_for_ever()
    {
        ulong hash = 14695981039346656037;
        for (int scale = LogisticTable.LeastScale; scale <= LogisticTable.GreatestScale; scale += 3)
            for (int fraction = 0; fraction < LogisticTable.MeanSteps; fraction += 7)
            {
                var table = LogisticTable.Of(fraction, scale);
                int stride = Math.Max(1, table.Radius / 50);
                for (int b = -table.Radius; b <= table.Radius + 1; b += stride) hash = unchecked((hash ^ (uint)table.Below(b)) * 1099511628211);
            }
        Assert.Equal(TableHash, hash);
    }

    private const ulong TableHash = 3019258481573260795;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void Every_value_and_the_escape_have_an_interval_and_together_they_fill_the_whole(int components)
    {
        var random = new Random(components);
        for (int trial = 0; trial < 40; trial++)
        {
            var law = Drawn(random, components, spread: trial < 20 ? 300 : 2_000_000, out int[] means);
            var values = means.Select(mean => mean / LogisticTable.MeanSteps).SelectMany(mean => new[] { mean, mean - 5, mean + 17, mean - 100_000, mean + 3_000_000 });
            var encoder = new RansEncoder(LogisticLaw.Precision);
            double bits = 0;
            int[] all = [.. values, int.MinValue, int.MaxValue];
            foreach (int value in all)
            {
                law.Push(encoder, value);
                bits += law.BitsOf(value);
            }
            Assert.Equal(bits, encoder.Bits, 1e-6);
            var decoder = new RansDecoder(encoder.Finish(), LogisticLaw.Precision);
            Assert.Equal(all, all.Select(_ => law.Pull(decoder)));
            decoder.Finish();
        }

        // The whole: probabilities of the window and the escape sum to 1.
        var near = Drawn(random, components, spread: 300, out _);
        double sum = 0;
        for (int value = -9000; value <= 9000; value++)
            if (near.BitsOf(value) < LogisticLaw.Precision) sum += Math.Pow(2, -near.BitsOf(value));
        Assert.InRange(sum, 1 - 3e-6 - 18_000.0 / (1 << LogisticLaw.Precision), 1);
    }

    [Fact]
    public void A_table_never_falls()
    {
        for (int scale = LogisticTable.LeastScale; scale <= LogisticTable.GreatestScale; scale += 5)
            foreach (int fraction in new[] { 0, 1, 31, 63 })
            {
                var table = LogisticTable.Of(fraction, scale);
                for (int b = -table.Radius - 2; b <= table.Radius + 2; b++) Assert.True(table.Below(b + 1) >= table.Below(b));
                Assert.Equal((0, 1 << LogisticTable.Bits), (table.Below(-table.Radius), table.Below(table.Radius + 1)));
            }
    }

    // KL of a logistic to the law on the grid, averaged over the places between grid points: what freezing costs a value.
    [Theory]
    [InlineData(0.1, 2e-3)]
    [InlineData(0.5, 5e-4)]
    [InlineData(3, 5e-4)]
    [InlineData(40, 2e-3)]
    public void The_grids_of_mean_and_scale_cost_next_to_nothing(double s, double most)
    {
        var random = new Random(1);
        double total = 0;
        const int trials = 300;
        for (int trial = 0; trial < trials; trial++)
        {
            double mean = random.NextDouble() * 10, scale = s * Math.Exp(random.NextDouble() / 16);
            var law = new LogisticLaw(1).Set([], [(int)Math.Floor(mean * LogisticTable.MeanSteps + 0.5)], [(int)Math.Floor(Math.Log(scale) * LogisticTable.ScaleSteps + 0.5)]);
            for (int k = (int)(mean - 15 * scale) - 1; k <= mean + 15 * scale + 1; k++)
            {
                double p = Sigmoid((k + 0.5 - mean) / scale) - Sigmoid((k - 0.5 - mean) / scale);
                if (p > 1e-12) total += p * (Math.Log2(p) + law.BitsOf(k));
            }
        }
        Assert.InRange(total / trials, -1e-7, most);

        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }

    private static LogisticLaw Drawn(Random random, int components, int spread, out int[] means)
    {
        int[] m = [.. Enumerable.Range(0, components).Select(_ => random.Next(-spread, spread))];
        means = m;
        int[] weights = components == 1 ? [] : [.. m.Select(_ => random.Next(-200, 200))];
        return new LogisticLaw(components).Set(weights, m, [.. m.Select(_ => random.Next(-100, 80))]);
    }
}
