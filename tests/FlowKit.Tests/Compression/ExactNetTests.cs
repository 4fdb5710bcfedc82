using System.Numerics;
using FlowKit.Compression;

namespace FlowKit.Tests.Compression;

public class ExactNetTests
{
    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(128)]
    public void Registers_of_every_width_give_what_integers_give(int width)
    {
        int before = ExactLayer.Width;
        var random = new Random(2);
        try
        {
            ExactLayer.Width = width;
            var layers = new[]
            {
                Layer(random, 3, 5, kernel: 1, LayerSource.Features, LayerTarget.Next, rectifies: true, exponent: 14),
                Layer(random, 5, 6, kernel: 3, LayerSource.Previous, LayerTarget.Features, rectifies: true, exponent: 15),
                Layer(random, 9, 7, kernel: 3, LayerSource.Features, LayerTarget.Output, rectifies: false, exponent: 20),
            };
            var net = new ExactNet(inputs: 3, middle: 128, shift: 6, layers);
            foreach (var (count, height, size) in new[] { (1, 1, 1), (5, 4, 6), (70, 8, 8), (2, 33, 31) })
            {
                int[][] x = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, count * height * size).Select(_ => random.Next(-40_000, 40_000)).ToArray())];
                Assert.Equal(Naive(net, x, count, height, size), net.Run(x, count, height, size));
            }
        }
        finally
        {
            ExactLayer.Width = before;
        }
    }

    [Fact]
    public void Images_of_a_batch_do_not_see_each_other()
    {
        var random = new Random(5);
        var net = new ExactNet(2, 0, 0, [Layer(random, 2, 3, 3, LayerSource.Features, LayerTarget.Output, false, 12)]);
        int[][] x = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, 90 * 20).Select(_ => random.Next(256)).ToArray())];
        int[][] all = net.Run(x, 90, 4, 5);
        for (int n = 0; n < 90; n++)
        {
            int[][] one = net.Run([.. x.Select(plane => plane[(n * 20)..(n * 20 + 20)])], 1, 4, 5);
            for (int c = 0; c < 3; c++) Assert.Equal(all[c][(n * 20)..(n * 20 + 20)], one[c]);
        }
    }

    [Fact]
    public void Sums_that_could_leave_the_exact_range_are_refused()
    {
        short[] weights = new short[1 << 20];
        Array.Fill(weights, short.MaxValue);
        var error = Assert.Throws<InvalidDataException>(() => new ExactLayer(weights, [0], [0], weights.Length, 1, LayerSource.Features, LayerTarget.Output, false));
        Assert.Contains("less than 2^53", error.Message);
        Assert.Throws<InvalidDataException>(() => new ExactLayer([1], [1L << 53], [0], 1, 1, LayerSource.Features, LayerTarget.Output, false));
    }

    // The definition, in integers of any size.
    private static int[][] Naive(ExactNet net, int[][] x, int count, int height, int width)
    {
        BigInteger greatest = (BigInteger)ExactLayer.Greatest;
        List<BigInteger[]> features = [.. x.Select(plane => plane.Select(v => Clamp(((BigInteger)v - net.Middle) << (ExactLayer.Fraction - net.Shift), greatest)).ToArray())], previous = [];
        foreach (var layer in net.Layers)
        {
            var from = layer.From == LayerSource.Features ? features : previous;
            List<BigInteger[]> to = [];
            for (int o = 0; o < layer.Outputs; o++)
            {
                var plane = new BigInteger[count * height * width];
                for (int n = 0, at = 0; n < count; n++)
                    for (int i = 0; i < height; i++)
                        for (int j = 0; j < width; j++, at++)
                        {
                            BigInteger sum = layer.Biases[o];
                            for (int c = 0; c < layer.Inputs; c++)
                                for (int t = 0; t < layer.Kernel * layer.Kernel; t++)
                                {
                                    var (y, z) = layer.Kernel == 1 ? (i, j) : (i + t / 3 - 1, j + t % 3 - 1);
                                    if (y >= 0 && y < height && z >= 0 && z < width)
                                        sum += layer.Weights[(o * layer.Inputs + c) * layer.Kernel * layer.Kernel + t] * from[c][(n * height + y) * width + z];
                                }
                            var half = layer.Exponents[o] == 0 ? 0 : BigInteger.One << (layer.Exponents[o] - 1);
                            var rounded = (sum + half) >> layer.Exponents[o];
                            var most = layer.To == LayerTarget.Output ? (BigInteger)ExactLayer.GreatestOutput : greatest;
                            plane[at] = layer.Rectifies && rounded < 0 ? 0 : Clamp(rounded, most);
                        }
                to.Add(plane);
            }
            if (layer.To == LayerTarget.Features) features.AddRange(to);
            else previous = to;
        }
        return [.. previous.Select(plane => plane.Select(v => (int)v).ToArray())];

        static BigInteger Clamp(BigInteger v, BigInteger most) => BigInteger.Max(-most, BigInteger.Min(most, v));
    }

    private static ExactLayer Layer(Random random, int inputs, int outputs, int kernel, LayerSource from, LayerTarget to, bool rectifies, int exponent)
    {
        short[] weights = [.. Enumerable.Range(0, outputs * inputs * kernel * kernel).Select(_ => (short)random.Next(short.MinValue, short.MaxValue))];
        long[] biases = [.. Enumerable.Range(0, outputs).Select(_ => random.NextInt64(-(1L << 30), 1L << 30))];
        return new(weights, biases, [.. biases.Select(_ => (byte)exponent)], inputs, kernel, from, to, rectifies);
    }
}
