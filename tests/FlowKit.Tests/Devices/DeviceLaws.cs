using FlowKit.Distributions;
using FlowKit.Tests.Laws;
using FlowKit.Transforms;

namespace FlowKit.Tests.Devices;

/// <summary>What a GPU would find, as far as it can be found without one: nothing stays behind when a module moves.</summary>
public class DeviceLaws
{
    private const long Rows = 3;

    public static TheoryData<string> Operations => [.. MetaDevice.Unsupported.Keys];

    [Theory, MemberData(nameof(TransformCatalog.Names), MemberType = typeof(TransformCatalog))]
    public void A_transform_follows_its_module(string name)
    {
        var it = TransformCatalog.Get(name);
        var f = it.Create();
        var (x, c) = (it.Data(Rows), FlowKit.Laws.Expect.Context(f, Rows));
        var z = f.Forward(x, c).Z.detach();
        f.to(MetaDevice.Device);
        (x, z, c) = (x.to(MetaDevice.Device), z.to(MetaDevice.Device), c?.to(MetaDevice.Device));
        Assert.Null(MetaDevice.Complaint(() => Learn(f.Forward(x.requires_grad_(), c))));
        Assert.Null(MetaDevice.Complaint(() => Learn(f.Inverse(z.requires_grad_(), c))));
    }

    [Theory, MemberData(nameof(ParameterLaws.Names), MemberType = typeof(ParameterLaws))]
    public void A_distribution_follows_its_module(string name)
    {
        var p = ParameterLaws.Create(name);
        var x = p.Sample(Rows).to(MetaDevice.Device).requires_grad_();
        p.to(MetaDevice.Device);
        Assert.Null(MetaDevice.Complaint(() => Learn((p.LogProb(x), x))));
        Assert.Null(MetaDevice.Complaint(() => Assert.Equal(DeviceType.META, p.Sample(Rows).device_type)));
        Assert.Null(MetaDevice.Complaint(() => Learn(p.SampleWithLogProb(Rows))));
    }

    [Fact]
    public void A_planted_mistake_of_a_transform_is_caught()
    {
        var f = new LeftBehind();
        f.to(MetaDevice.Device);
        Assert.Contains("same device", MetaDevice.Complaint(() => f.Forward(zeros(2, 3, device: MetaDevice.Device))));
    }

    [Fact]
    public void A_planted_mistake_of_a_distribution_is_caught()
    {
        var p = new Shifted();
        p.to(MetaDevice.Device);
        Assert.Contains("same device", MetaDevice.Complaint(() => p.LogProb(zeros(2, 3, device: MetaDevice.Device))));
        Assert.NotNull(MetaDevice.Complaint(() => Assert.Equal(DeviceType.META, p.Sample(2).device_type)));
    }

    [Fact]
    public void An_operation_that_is_not_on_the_list_is_noticed()
    {
        Assert.Equal("erfinv", MetaDevice.Operation("aten::erfinv.out: attempted to run this operator with Meta tensors, but there was no fake impl"));
        Assert.NotNull(MetaDevice.Complaint(() => throw new InvalidOperationException("aten::erfinv.out: attempted to run this operator with Meta tensors, but")));
    }

    [Theory, MemberData(nameof(Operations))]
    public void Every_operation_on_the_list_has_no_kernel_there(string name)
    {
        string message = Assert.ThrowsAny<Exception>(MetaDevice.Unsupported[name]).Message;
        Assert.Equal(name, MetaDevice.Operation(message));
    }

    private static void Learn((Tensor A, Tensor B) results)
    {
        var sum = results.A.sum() + results.B.sum();
        if (sum.requires_grad) sum.backward();
    }

    // A tensor that is neither parameter nor buffer nor constant stays on the CPU.
    private sealed class LeftBehind() : Transform(nameof(LeftBehind))
    {
        private readonly Tensor[] shift = [ones(3)];

        protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => (x + shift[0], SameForAll(0, x));

        protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => (z - shift[0], SameForAll(0, z));
    }

    private sealed class Shifted() : Distribution(nameof(Shifted), 3)
    {
        protected override Tensor LogProbCore(Tensor x, Tensor? context) => (x - ones(3)).square().sum(1);

        protected override Tensor SampleCore(long count, Tensor? context) => randn(count, 3);
    }
}
