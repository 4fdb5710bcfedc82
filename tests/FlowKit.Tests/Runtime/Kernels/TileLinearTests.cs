using System.Numerics;

namespace FlowKit.Tests.Runtime.Kernels;

public class TileLinearTests
{
    private static readonly (int Outputs, int Inputs, int Batch)[] sizes =
    [
        (1, 1, 1), (64, 64, 128), (7, 5, 65), (1, 63, 64), (2, 64, 3), (6, 1, 64), (13, 130, 200), (31, 97, 700), (64, 3, 70), (100, 40, 63), (12, 24, 0), (0, 5, 10), (5, 0, 10),
    ];

    public static TheoryData<int, string> Cases => [.. from size in Enumerable.Range(0, sizes.Length) from mask in new[] { "dense", "staircase", "strict", "random", "blocks" } select (size, mask)];

    [Theory, MemberData(nameof(Cases))]
    public void Outputs_are_those_of_libtorch(int size, string mask)
    {
        Check<float>();
        Check<double>();

        void Check<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var call = NativeMemory.Enter();                            // scalars are freed by finalizers
            using var scope = NewDisposeScope();
            foreach (var kernels in TileKernels<T>.All)
                foreach (bool hasBias in new[] { true, false })
                {
                    var layer = new LayerCase<T>(sizes[size], mask, gap: hasBias ? 0 : 24);
                    Tensor bias = hasBias ? layer.Bias : zeros_like(layer.Bias), sum = layer.X.mm(layer.Weight.t()) + bias, magnitude = layer.X.abs().mm(layer.Weight.abs().t()) + bias.abs();
                    LayerCase<T>.AssertClose(sum, layer.Forward(kernels, Gate.None, hasBias), magnitude);
                    LayerCase<T>.AssertClose(sum.relu(), layer.Forward(kernels, Gate.Relu, hasBias), magnitude);
                    // Rounding of tanh itself is a few units in the last place of tanh.
                    LayerCase<T>.AssertClose(sum.tanh(), layer.Forward(kernels, Gate.Tanh, hasBias), magnitude + sum.tanh().abs());
                }
        }
    }

    public static TheoryData<int, int, int> Dense => [.. sizes.Concat([(8, 9, 64), (9, 2, 1), (11, 20, 65)])];

    [Theory, MemberData(nameof(Dense))]
    public void Dense_rows_are_those_of_libtorch_in_place_of_what_is_added_too(int outputs, int inputs, int batch)
    {
        Check<float>();
        Check<double>();

        void Check<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var call = NativeMemory.Enter();                            // scalars are freed by finalizers
            using var scope = NewDisposeScope();
            var layer = new LayerCase<T>((outputs, inputs, batch), "dense", gap: 24);
            foreach (bool adds in new[] { false, true })
            {
                var added = adds ? layer.G : layer.Bias;
                Tensor sum = layer.X.mm(layer.Weight.t()) + added, magnitude = layer.X.abs().mm(layer.Weight.abs().t()) + added.abs();
                foreach (var (gate, truth) in new[] { (Gate.None, sum), (Gate.Relu, sum.relu()), (Gate.Tanh, sum.tanh()), (Gate.Silu, nn.functional.silu(sum)), (Gate.Sigmoid, sum.sigmoid()) })
                    foreach (var kernels in TileKernels<T>.All)
                        LayerCase<T>.AssertClose(truth, layer.Dense(kernels, gate, adds), magnitude + truth.abs());
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Gradients_of_inputs_are_those_of_libtorch(int size, string mask)
    {
        Check<float>();
        Check<double>();

        void Check<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var call = NativeMemory.Enter();                            // scalars are freed by finalizers
            using var scope = NewDisposeScope();
            foreach (var kernels in TileKernels<T>.All)
            {
                var layer = new LayerCase<T>(sizes[size], mask, gap: 40);
                Tensor truth = layer.G.mm(layer.Weight), magnitude = layer.G.abs().mm(layer.Weight.abs());
                LayerCase<T>.AssertClose(truth, layer.InputGradient(kernels, Gate.None), magnitude);
                LayerCase<T>.AssertClose(truth * layer.X.relu().sign(), layer.InputGradient(kernels, Gate.Relu), magnitude);
                LayerCase<T>.AssertClose(truth * (ones_like(layer.X) - layer.X.square()), layer.InputGradient(kernels, Gate.Tanh), magnitude * (ones_like(layer.X) + layer.X.square()));
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Gradients_of_weights_are_those_of_libtorch_and_zero_outside_the_mask(int size, string mask)
    {
        Check<float>();
        Check<double>();

        void Check<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var call = NativeMemory.Enter();                            // scalars are freed by finalizers
            using var scope = NewDisposeScope();
            foreach (var kernels in TileKernels<T>.All)
            {
                var layer = new LayerCase<T>(sizes[size], mask, gap: 8);
                Tensor truth = layer.G.t().mm(layer.X) * layer.Has, magnitude = layer.G.abs().t().mm(layer.X.abs()) * layer.Has, sum = layer.G.sum(dim: 0), sizeOfSum = layer.G.abs().sum(dim: 0);
                var (weight, bias) = layer.WeightGradient(kernels, parts: 1);
                LayerCase<T>.AssertClose(truth, weight, magnitude);
                LayerCase<T>.AssertClose(sum, bias, sizeOfSum);
                (weight, bias) = layer.WeightGradient(kernels, parts: 2, start: 0.5);
                using var half = tensor(0.5, dtype: ScalarType.Float64, device: CPU);
                LayerCase<T>.AssertClose(truth + half, weight, magnitude + half);
                LayerCase<T>.AssertClose(sum + half, bias, sizeOfSum + half);
            }
        }
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("staircase")]
    [InlineData("random")]
    public void Results_do_not_depend_on_how_the_work_is_shared(string mask)
    {
        Check<float>();
        Check<double>();

        void Check<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var scope = NewDisposeScope();
            // Weights of more than 24 KiB, more than eight tiles: whatever is decided by size is decided both ways.
            var layer = new LayerCase<T>((89, 131, 700), mask, gap: 0);
            foreach (var kernels in TileKernels<T>.All)
            {
                var (weight, bias) = layer.WeightGradient(kernels, parts: 1);
                foreach (int parts in new[] { 2, 3, 7, 40 })
                {
                    var (again, biasAgain) = layer.WeightGradient(kernels, parts);
                    Assert.True(weight.equal(again).all().ToBoolean() && bias.equal(biasAgain).all().ToBoolean(), $"{parts} parts");
                    Assert.True(layer.Forward(kernels, Gate.Tanh).equal(layer.Forward(kernels, Gate.Tanh, calls: parts)).all().ToBoolean());
                    Assert.True(layer.InputGradient(kernels, Gate.Relu).equal(layer.InputGradient(kernels, Gate.Relu, calls: parts)).all().ToBoolean());
                }
            }
        }
    }

    [Fact]
    public void A_made_of_512_units_costs_half_of_the_dense_product()
    {
        // Degrees 1 to 62 of 512 units, sorted.
        int[] degree = [.. Enumerable.Range(0, 512).Select(i => 1 + i * 62 / 512)];
        var layer = new TileLinear(512, 512, [.. from row in degree from column in degree select row >= column]);
        Assert.InRange(Share(layer.Plan), 0.5, 0.53);
        Assert.InRange(Share(layer.TransposedPlan), 0.5, 0.53);

        static double Share(TilePlan plan)
        {
            double work = 0;
            for (int group = 0; group < plan.Groups; group++)
                foreach (var run in plan.Runs(group)) work += plan.RowsOf(group) * run.Length;
            return work / (512 * 512);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(200)]
    public void Parts_have_nearly_the_same_work(int parts)
    {
        var plan = new TileLinear(300, 200, [.. from row in Enumerable.Range(0, 300) from column in Enumerable.Range(0, 200) select 2 * row >= 3 * column]).Plan;
        double[] work = new double[parts];
        for (int group = 0; group < plan.Groups; group++)
            foreach (var run in plan.Runs(group)) work[plan.PartOf(group, parts)] += run.Length + 1;
        Assert.All(work, one => Assert.InRange(one, work.Average() - 202, work.Average() + 202));
    }

    [Fact]
    public void Tanh_is_right_to_a_few_units_in_the_last_place()
    {
        double[] points = [0, 1e-300, 1e-20, 1e-9, 1e-3, .. Enumerable.Range(1, 3000).Select(i => i / 120.0), 50, 1e4, 1e30, double.PositiveInfinity];
        Check<float>();
        Check<double>();

        void Check<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            foreach (var kernels in TileKernels<T>.All)
                foreach (double at in points.Concat(points.Select(point => -point)))
                {
                    T x = T.CreateChecked(at), y = Activate(kernels, Gate.Tanh, x), truth = T.CreateChecked(Math.Tanh(double.CreateChecked(x)));
                    Assert.InRange(T.Abs(y - truth), T.Zero, T.CreateChecked(3) * (T.BitIncrement(T.Abs(truth)) - T.Abs(truth)));
                }
        }
    }

    [Fact]
    public void Activations_keep_a_nan()
    {
        foreach (var kernels in TileKernels<float>.All)
            foreach (var gate in Enum.GetValues<Gate>())
                Assert.True(float.IsNaN(Activate(kernels, gate, float.NaN)), $"{gate}");
    }

    [Fact]
    public void A_mask_of_another_size_is_refused()
    {
        var thrown = Assert.Throws<ArgumentException>(() => new TileLinear(2, 3, new bool[5]));
        Assert.Contains("2 x 3", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("5", thrown.Message, StringComparison.Ordinal);
    }

    private static unsafe T Activate<T>(TileKernels<T> kernels, Gate gate, T x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* tile = stackalloc T[Tile.Lanes];
        new Span<T>(tile, Tile.Lanes).Fill(x);
        T one = T.One;
        kernels.Forward(new TileLinear(1, 1), &one, null, tile, Tile.Lanes, tile, Tile.Lanes, 1, gate);
        return tile[Tile.Lanes - 1];
    }
}
