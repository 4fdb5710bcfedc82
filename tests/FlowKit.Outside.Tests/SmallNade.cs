using FlowKit.Conditioners;
using TorchSharp.Modules;

namespace FlowKit.Outside.Tests;

/// <summary>A network other than MADE: NADE (Larochelle, Murray 2011), whose hidden activations grow by one column a step, so that its steps are its own recursion.</summary>
public sealed class SmallNade : AutoregressiveNetwork
{
    private readonly Parameter w, v, b;      // (H, D), (P D, H), (P D)

    public SmallNade(long positions, int parameters, long hidden) : base(nameof(SmallNade), positions, parameters, null)
    {
        w = new(randn(hidden, positions, dtype: get_default_dtype(), device: CPU) * 0.3);
        v = new(randn(positions * parameters, hidden, dtype: get_default_dtype(), device: CPU) * 0.3);
        b = new(zeros(positions * parameters, dtype: get_default_dtype(), device: CPU));
        Order = Orders.Natural(positions);
        RegisterComponents();
    }

    public override IReadOnlyList<int> Order { get; }

    public override AutoregressiveSteps Begin(Tensor? context, Tensor like) => new Steps(this, like);

    public override Tensor Forward(Tensor x, Tensor? context)
    {
        var steps = new Steps(this, x);
        return cat([.. x.split(1, dim: 1).Select(value => { var theta = steps.Theta(); steps.Append(value); return theta; })], dim: 2).flatten(1);
    }

    private sealed class Steps(SmallNade net, Tensor like) : AutoregressiveSteps
    {
        private Tensor a = zeros([like.size(0), net.w.size(0)], dtype: net.w.dtype, device: net.w.device);
        private int d;

        public override Tensor Theta()
        {
            var rows = arange(d, net.Outputs, net.Inputs, dtype: int64, device: net.w.device);
            return nn.functional.linear(a.tanh(), net.v.index_select(0, rows), net.b.index_select(0, rows)).unsqueeze(2);
        }

        public override void Append(Tensor value) => a = a + value * net.w.select(1, d++);
    }
}
