using System.Reflection;
using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests;

public class FeatureNumberTests
{
    private static readonly string[] counts = ["features", "angles", "positions", "channels", "columns", "reflections"];

    private static readonly Dictionary<string, Func<long, object>> byFeatures = new()
    {
        ["Orders.Natural"] = d => Orders.Natural(d),
        ["Orders.Reverse"] = d => Orders.Reverse(d),
        ["Orders.Random"] = d => Orders.Random(d, seed: 1),
        ["Masks.Alternating"] = d => Masks.Alternating(d, odd: true),
        ["Masks.Half"] = d => Masks.Half(d, second: true),
        ["Permutation.Reverse"] = Permutation.Reverse,
        ["Permutation.Random"] = d => Permutation.Random(d, seed: 1),
        ["Made"] = d => new Made(d, 1, [4]),
        ["Nade"] = d => new Nade(d, 1, 4),
        ["RealNvp"] = d => RealNvp.Create(d),
        ["Maf"] = d => Maf.Create(d),
        ["SplineFlow"] = d => SplineFlow.Create(d),
        ["Nice"] = d => Nice.Create(d),
        ["Glow"] = d => Glow.Create(d),
        ["LuLinear"] = d => new LuLinear(d),
        ["Orthogonal"] = d => new Orthogonal(d),
        ["Orthogonal.Random"] = d => Orthogonal.Random(d, seed: 1),
        ["DiagonalScaling"] = d => new DiagonalScaling(d),
        ["ActNorm"] = d => new ActNorm(d),
        ["BatchNormTransform"] = d => new BatchNormTransform(d),
        ["Planar"] = d => new Planar(d),
        ["Radial"] = d => new Radial(d),
        ["Sylvester"] = d => new Sylvester(d, columns: 1),
        ["TwoSidedCoupling"] = d => new TwoSidedCoupling(d, new AffineMap(), Net),
        ["MultivariateNormal.Learned"] = MultivariateNormal.Learned,
        ["MultivariateNormal.Conditional"] = d => MultivariateNormal.Conditional(d, 2, Net),
    };

    private static readonly Dictionary<string, Func<long, object>> byContext = new()
    {
        ["RealNvp"] = c => RealNvp.Create(2, contextShape: c),
        ["RealNvp, images"] = c => RealNvp.ForImages(new(1, 4, 4), contextShape: c),
        ["Maf"] = c => Maf.Create(2, contextShape: c),
        ["SplineFlow"] = c => SplineFlow.Create(2, contextShape: c),
        ["Nice"] = c => Nice.Create(2, contextShape: c),
        ["Glow"] = c => Glow.Create(2, contextShape: c),
        ["TorusFlow"] = c => TorusFlow.Create(2, contextShape: c),
        ["TorusFlow, circle"] = c => TorusFlow.Create(1, contextShape: c),
        ["TorusFlow, autoregressive"] = c => TorusFlow.Autoregressive(2, contextShape: c),
        ["SphereFlow.Recursive"] = c => SphereFlow.Recursive(2, contextShape: c),
        ["SphereFlow.Recursive, circle"] = c => SphereFlow.Recursive(1, contextShape: c),
        ["Coupling"] = c => Coupling.WithMlp(Masks.Half(2, second: true), new AffineMap(), [4], c),
        ["ElementwiseTransform"] = c => new ElementwiseTransform(new AffineMap(), [2], c),
        ["Planar"] = c => new Planar(2, c),
        ["Radial"] = c => new Radial(2, c),
        ["Sylvester"] = c => new Sylvester(2, 2, c),
        ["Made"] = c => new Made(2, 1, [4], c),
        ["Nade"] = c => new Nade(2, 1, 4, c),
        ["Mlp"] = c => new Mlp(2, 1, [4], c),
        ["ResidualMlp"] = c => new ResidualMlp(2, 1, 4, contextShape: c),
        ["ConvResidualNet"] = c => new ConvResidualNet(2, 1, 4, contextShape: c),
        ["DenseNet"] = c => new DenseNet(2, 1, 4, contextShape: c),
        ["GlowNet"] = c => new GlowNet(2, 1, 4, contextShape: c),
        ["GatedConvNet"] = c => new GatedConvNet(2, 1, 4, contextShape: c),
        ["SelfAttention"] = c => new SelfAttention(2, 1, 4, contextShape: c),
        ["Normal"] = c => new Normal().Conditional(c, Net, 2),
        ["MultivariateNormal"] = c => MultivariateNormal.Conditional(2, c, Net),
    };

    public static TheoryData<string> ByFeatures => [.. byFeatures.Keys];

    public static TheoryData<string> ByContext => [.. byContext.Keys];

    // Sizes of tensors are long: whoever passes x.size(1) on needs no cast.
    [Fact]
    public void Every_number_of_features_is_long()
    {
        var members = typeof(Flow).Assembly.GetExportedTypes().SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly));
        var named = members.SelectMany(member => member switch
        {
            MethodBase method => method.GetParameters().Select(parameter => (Name: parameter.Name!, Type: parameter.ParameterType, Owner: $"{member.DeclaringType!.Name}.{member.Name}")),
            PropertyInfo property => [(property.Name, property.PropertyType, member.DeclaringType!.Name)],
            _ => [],
        }).Where(one => counts.Any(count => one.Name.EndsWith(count, StringComparison.OrdinalIgnoreCase))).ToList();
        Assert.True(named.Count > 30);
        Assert.DoesNotContain(named, one => one.Type == typeof(int) || one.Type == typeof(int?));
    }

    [Fact]
    public void The_size_of_a_tensor_is_taken_as_it_is()
    {
        using var x = zeros(3, 4);
        using var c = zeros(3, 2);
        foreach (Flow flow in new[]
        {
            Maf.Create(x.size(1), contextShape: c.size(1)), RealNvp.Create(x.size(1), contextShape: c.size(1)), SplineFlow.Create(x.size(1), contextShape: c.size(1)),
        }) Assert.Equal([3], flow.LogProb(x, c).shape);
    }

    [Theory, MemberData(nameof(ByFeatures))]
    public void Features_that_no_array_holds_are_refused_by_name(string name)
    {
        foreach (long features in (long[])[-1, 1L << 40, (1L << 40) + 4, long.MaxValue])
            Assert.Throws<ArgumentOutOfRangeException>("features", () => byFeatures[name](features));
    }

    [Theory, MemberData(nameof(ByContext))]
    public void A_context_that_no_array_holds_is_refused_by_name(string name)
    {
        foreach (long features in (long[])[-1, 1L << 40, (1L << 40) + 4, long.MaxValue])
            Assert.Throws<ArgumentOutOfRangeException>("contextShape", () => byContext[name](features));
    }

    [Fact]
    public void Other_sizes_that_no_array_holds_are_refused_by_name()
    {
        const long size = (1L << 40) + 2;
        Refused("angles", () => TorusFlow.Create(size));
        Refused("angles", () => TorusFlow.Autoregressive(size));
        Refused("dimension", () => SphereFlow.Recursive(size));
        Refused("dimension", () => new UniformSphere(size));
        Refused("positions", () => Autoregressive.Table(size, 2));
        Refused("channels", () => new InvertibleConv1x1(size));
        Refused("channels", () => InvertibleConv1x1.NearIdentity(size));
        Refused("channels", () => new ColumnSplit(size, 2, 2));
        Refused("eventShape", () => ActNorm.PerElement(size));
        Refused("positions", () => new GatedConvNet(1, 1, 4, heads: 2, positions: [size, 2]));
        Refused("columns", () => new Sylvester(2, size));
        Refused("reflections", () => new Orthogonal(2, size));
        Refused("eventShape", () => new StandardNormal(size));
        Refused("shape", () => new ElementwiseTransform(new AffineMap(), [size]));
        Refused("contextShape", () => new EmbeddedDistribution(new Normal().Conditional(2, Net, 2), nn.Flatten(), size));
        Refused("inputs", () => new Mlp(size, 1, [4]));
        Refused("outputs", () => new Mlp(1, size, [4]));
        Refused("hidden", () => new Made(2, 1, [size]));
        Refused("height", () => new CheckerboardCoupling(1, size, 2, odd: true, new AffineMap(), Net));
        Refused("width", () => new CheckerboardCoupling(1, 2, size, odd: true, new AffineMap(), Net));

        static void Refused(string name, Func<object> make) => Assert.Throws<ArgumentOutOfRangeException>(name, make);
    }

    private static Mlp Net(long inputs, long outputs) => new(inputs, outputs, [4]);
}
