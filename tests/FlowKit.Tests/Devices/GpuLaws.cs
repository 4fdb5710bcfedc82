using FlowKit.Distributions;
using FlowKit.Tests.Laws;

namespace FlowKit.Tests.Devices;

/// <summary>What a GPU computes is what the CPU computes, for everything in the catalogs of laws, and gradients and draws live where the module does.</summary>
/// <remarks>Without a GPU each law is one skipped test; FLOWKIT_TEST_DEVICE=cpu tries the laws themselves. In float64, where two devices differ by rounding alone.</remarks>
public class GpuLaws
{
    private const string DeviceVariable = "FLOWKIT_TEST_DEVICE", None = "no GPU";
    private const long Rows = 5;
    private const double Rounding = 1e-8;

    private static readonly string? Place = Environment.GetEnvironmentVariable(DeviceVariable) ?? (cuda.is_available() ? "cuda" : null);

    public static TheoryData<string> Transforms => There(TransformCatalog.Names);

    public static TheoryData<string> Densities => There(DensityCatalog.Names);

    public static TheoryData<string> Conditionals => There(ConditionalCatalog.Names);

    public static TheoryData<string> Families => There(FamilyCatalog.Names);

    [Theory, MemberData(nameof(Transforms))]
    public void A_transform(string name)
    {
        var device = GetDevice(name);
        var it = TransformCatalog.Get(name);
        var f = it.Create();
        var (x, c) = (it.Data(Rows), FlowKit.Laws.Expect.Context(f, Rows));
        var there = f.Forward(x, c);
        var z = there.Z.detach();
        var back = f.Inverse(z, c);

        f.to(device);
        var (x2, z2, c2) = (x.to(device), z.to(device), c?.to(device));
        var there2 = f.Forward(x2, c2);
        var back2 = f.Inverse(z2, c2);
        Live(device, there2.Z, there2.LogDet, back2.X, back2.LogDet);
        if (it.UndoesForward && it.UndoesInverse)                             // no layer draws anything
        {
            Agree(there.Z, there2.Z, it.Tolerance);
            Agree(there.LogDet, there2.LogDet, it.Tolerance);
            Agree(back.X, back2.X, it.Tolerance);
            Agree(back.LogDet, back2.LogDet, it.Tolerance);
        }
        GradientsLive(device, f, () => there2.Z.sum() + there2.LogDet.sum());
    }

    [Theory, MemberData(nameof(Densities))]
    public void A_distribution(string name)
    {
        var device = GetDevice(name);
        Compare(DensityCatalog.Get(name).Create(), null, device);
    }

    [Theory, MemberData(nameof(Conditionals))]
    public void A_conditional_distribution(string name)
    {
        var device = GetDevice(name);
        var p = ConditionalCatalog.Create(name);
        Compare(p, ConditionalCatalog.Context(Rows), device);
    }

    [Theory, MemberData(nameof(Families))]
    public void A_family(string name)
    {
        var device = GetDevice(name);
        manual_seed(1);
        var it = FamilyCatalog.Get(name);
        var theta = it.Theta.expand(Rows, it.Parameters.Length, 1);
        var x = it.Family.Sample(theta);
        var (x2, theta2) = (x.to(device), theta.to(device));
        Live(device, it.Family.Sample(theta2));
        Agree(it.Family.LogProb(x, theta), it.Family.LogProb(x2, theta2));
        Agree(it.Family.LogCdf(x, theta), it.Family.LogCdf(x2, theta2));
        Agree(it.Family.LogSurvival(x, theta), it.Family.LogSurvival(x2, theta2));
    }

    private static void Compare(Distribution p, Tensor? context, Device device)
    {
        var x = p.Sample(Rows, context);
        var logP = p.LogProb(x, context);
        p.to(device);
        context = context?.to(device);
        var logP2 = p.LogProb(x.to(device), context);
        Live(device, logP2, p.Sample(Rows, context));
        Agree(logP, logP2);
        var (drawn, density) = p.SampleWithLogProb(Rows, context);
        Live(device, drawn, density);
        GradientsLive(device, p, () => logP2.sum());
    }

    private static void GradientsLive(Device device, nn.Module module, Func<Tensor> loss)
    {
        var sum = loss();
        if (!sum.requires_grad) return;
        sum.backward();
        foreach (var (name, parameter) in module.named_parameters())
            Assert.True(parameter.device_type == device.type && (parameter.grad is not { IsInvalid: false } gradient || gradient.device_type == device.type), name);
    }

    private static void Live(Device device, params Tensor[] tensors) => Assert.All(tensors, tensor => Assert.Equal(device.type, tensor.device_type));

    private static void Agree(Tensor here, Tensor there, double tolerance = Rounding)
    {
        Assert.Equal(here.shape, there.shape);
        tolerance = Math.Max(tolerance, Rounding);
        Assert.True(allclose(there.cpu(), here, tolerance, tolerance, equal_nan: true), $"{here.npstr()} here, {there.cpu().npstr()} there");
    }

    private static TheoryData<string> There(TheoryData<string> names) => Place is null ? [None] : names;

    private static Device GetDevice(string name)
    {
        Assert.SkipWhen(name == None, "There is no GPU.");
        return FlowKit.Runtime.Device(Place!);
    }
}
