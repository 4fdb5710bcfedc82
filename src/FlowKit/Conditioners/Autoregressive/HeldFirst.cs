namespace FlowKit.Conditioners;

/// <summary>An autoregressive network whose parameters of the first position are zero, whatever it learns: the map of that position stays the identity.</summary>
/// <remarks>A copula flow needs it, since the first margin of a copula is uniform as it stands.</remarks>
internal sealed class HeldFirst : AutoregressiveNetwork
{
    private readonly AutoregressiveNetwork network;

    public HeldFirst(AutoregressiveNetwork network) : base(nameof(HeldFirst), network.Inputs, network.Parameters, network.ContextShape)
    {
        this.network = network;
        var kept = ones(Parameters, Inputs, dtype: float64, device: CPU);
        kept.select(1, Order[0]).zero_();
        SetConstant(nameof(kept), kept.flatten());                            // (P D)
        RegisterComponents();
    }

    public override IReadOnlyList<int> Order => network.Order;

    public override Tensor Forward(Tensor x, Tensor? context) => network.Forward(x, context) * GetConstant("kept").to(x.dtype);

    public override AutoregressiveSteps Begin(Tensor? context, Tensor like) => new Steps(network.Begin(context, like));

    private sealed class Steps(AutoregressiveSteps steps) : AutoregressiveSteps
    {
        private bool isPastFirst;

        public override Tensor Theta() => isPastFirst ? steps.Theta() : zeros_like(steps.Theta());

        public override void Append(Tensor value)
        {
            steps.Append(value);
            isPastFirst = true;
        }
    }
}
