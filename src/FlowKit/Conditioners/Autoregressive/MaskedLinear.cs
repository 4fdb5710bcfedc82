using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>y = (W * M) x + b: a linear layer some of whose connections do not exist.</summary>
/// <remarks>
/// The mask is folded into the weight at each call, and a layer is called once a step. Nothing is cached, so that whatever writes the weight (an optimizer, a load,
/// a move, a hand) is seen.
/// </remarks>
internal sealed class MaskedLinear : FlowModule
{
    private readonly Parameter weight;
    private readonly Parameter? bias;

    /// <summary>A layer with one mask, (outputs, inputs), for each mask set.</summary>
    public MaskedLinear(IReadOnlyList<Tensor> masks, bool bias = true, bool zero = false) : base(nameof(MaskedLinear))
    {
        (Outputs, Inputs) = (masks[0].size(0), masks[0].size(1));
        using var start = nn.Linear(Inputs, Outputs);
        weight = new Parameter(start.weight.detach().clone());
        this.bias = bias ? new Parameter(start.bias!.detach().clone()) : null;
        if (zero)
        {
            nn.init.zeros_(weight);
            if (this.bias is not null) nn.init.zeros_(this.bias);
        }
        for (int set = 0; set < masks.Count; set++) SetConstant(Key(set), masks[set]);
        RegisterComponents();
    }

    public long Inputs { get; }

    public long Outputs { get; }

    public Parameter Weight => weight;

    public Parameter? Bias => bias;

    /// <summary>1 where there is a connection, (outputs, inputs).</summary>
    public Tensor Mask(int set) => GetConstant(Key(set));

    public Tensor Forward(Tensor x, int set) => nn.functional.linear(x, weight * Mask(set), bias);

    private static string Key(int set) => $"mask{set}";
}
