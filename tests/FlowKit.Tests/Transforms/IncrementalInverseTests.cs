using FlowKit.Models;
using FlowKit.Tests.Laws;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

/// <summary>The loop without gradients, the recursion with them, and the definition by D whole passes are one function.</summary>
public class IncrementalInverseTests
{
    public static TheoryData<string> Names => [.. TransformCatalog.Names.Select(row => row.Data).Where(name => name.StartsWith("MAF", StringComparison.Ordinal) || name.StartsWith("IAF", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Names))]
    public void Sampling_without_gradients_gives_what_the_recursion_gives(string name)
    {
        var one = TransformCatalog.Get(name);
        var f = one.Create();
        if (f is InvertedTransform) f = f.Inverted;
        foreach (long rows in (long[])[0, 1, 65, 300])
        {
            var z = one.Latents?.Invoke(rows).to(float64) ?? randn([rows, f.DataShape![0]], dtype: float64);   // angles stay on their circle
            var c = FlowKit.Laws.Expect.Context(f, rows);
            var (slow, slowLogDet) = f.Inverse(z, c);
            using var none = no_grad();
            var (fast, fastLogDet) = f.Inverse(z, c);
            Assert.InRange(Distance(fast, slow), 0, 1e-10);
            Assert.InRange(Distance(fastLogDet, slowLogDet), 0, 1e-10);
            Assert.InRange(Distance(f.Forward(fast, c).Z, z), 0, 1e-9);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Samples_are_the_same_bit_by_bit_with_one_thread_and_with_two_and_right_in_both_precisions(string name)
    {
        var one = TransformCatalog.Get(name);
        var f = one.Create();
        if (f is InvertedTransform) f = f.Inverted;
        using var none = no_grad();
        int before = FlowKit.Runtime.Threads;
        try
        {
            foreach (long rows in (long[])[1, 65, 200])
            {
                var z = (one.Latents?.Invoke(rows) ?? randn([rows, f.DataShape![0]])).to(float64);
                var c = FlowKit.Laws.Expect.Context(f, rows);
                FlowKit.Runtime.Threads = 1;
                var exact = f.to(float64).Inverse(z, c?.to(float64)).X;
                foreach (var precision in (ScalarType[])[float64, float32])
                {
                    f.to(precision);
                    FlowKit.Runtime.Threads = 1;
                    var (x, logDet) = f.Inverse(z.to(precision), c?.to(precision));
                    FlowKit.Runtime.Threads = 2;
                    var (again, againLogDet) = f.Inverse(z.to(precision), c?.to(precision));
                    Assert.InRange(Distance(x.to(float64), exact) / (1 + exact.abs().max().ToDouble()), 0, precision == float32 ? 1e-3 : 1e-12);
                    if (f is MaskedAutoregressive { Map.Tiles: not null })       // libtorch promises no such thing
                        Assert.True(x.eq(again).all().ToBoolean() && logDet.eq(againLogDet).all().ToBoolean());
                }
            }
        }
        finally
        {
            FlowKit.Runtime.Threads = before;
        }
    }

    [Fact]
    public void D_whole_passes_give_the_same_samples()
    {
        manual_seed(1);
        var f = TransformCatalog.Get("MAF, several blocks of units").Create();
        var z = randn(9, 12, dtype: float64);
        using var none = no_grad();
        var x = zeros_like(z);
        for (int pass = 0; pass < 12; pass++) x = x + Residual(f, x, z);
        Assert.InRange(Distance(f.Inverse(z).X, x), 0, 1e-10);

        // Where x is right before feature i, the map of feature i is the right one: one fixed-point pass solves one more feature.
        static Tensor Residual(Transform f, Tensor x, Tensor z)
        {
            using var on = enable_grad();
            var at = x.detach().requires_grad_();
            var image = f.Forward(at).Z;
            var slope = stack([.. Enumerable.Range(0, 12).Select(i => autograd.grad([image.select(1, i).sum()], [at], retain_graph: true)[0].select(1, i))], 1);
            return ((z - image) / slope).detach();
        }
    }

    [Fact]
    public void Gradients_through_sampling_are_those_of_finite_differences()
    {
        var f = TransformCatalog.Get("MAF, SiLU").Create();
        var z = randn(3, 4, dtype: float64);
        f.zero_grad();
        Objective().backward();
        foreach (var (name, parameter) in f.named_parameters())
        {
            var direction = randn_like(parameter).detach();
            double slope = (parameter.grad! * direction).sum().ToDouble();
            const double step = 1e-5;
            double difference = (At(step) - At(-step)) / (2 * step);
            Assert.True(Math.Abs(slope - difference) < 1e-6 * (1 + Math.Abs(difference)), $"{name}: {slope} and {difference}");

            double At(double t)
            {
                using var none = no_grad();
                parameter.add_(direction * t);
                double value = Objective().ToDouble();
                parameter.add_(direction * -t);
                return value;
            }
        }

        Tensor Objective()
        {
            var (x, logDet) = f.Inverse(z);
            return (x.square().sum() * 0.5 - logDet.sum()).tanh() + x.sin().sum();
        }
    }

    [Fact]
    public void NaN_in_gives_NaN_out_for_that_row_alone()
    {
        manual_seed(2);
        var f = Maf.Create(5, layers: 2, hidden: [16]).Transform;
        using var none = no_grad();
        foreach (var parameter in f.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        var z = randn(4, 5);
        z[2, 0] = double.NaN;
        var (x, logDet) = f.Inverse(z);
        Assert.Equal([false, false, true, false], x.isnan().any(1).data<bool>().ToArray());
        Assert.Equal([false, false, true, false], logDet.isnan().data<bool>().ToArray());
    }
}
