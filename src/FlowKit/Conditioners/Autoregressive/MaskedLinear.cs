using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>y = (W * M) x + b: a linear layer some of whose connections do not exist.</summary>
/// <remarks>
/// The mask is folded into the weight at each call, and a layer is called once a step. Nothing is cached, so that whatever writes the weight (an optimizer, a load,
/// a move, a hand) is seen; where the mask is a large staircase, the products are taken block by block and the empty half of them is left out.
/// </remarks>
internal sealed class MaskedLinear : FlowModule
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly MaskBlock[][] blocks;

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
        blocks = [.. masks.Select(MaskBlock.Of)];
        for (int set = 0; set < masks.Count; set++) SetConstant(Key(set), masks[set]);
        RegisterComponents();
    }

    public long Inputs { get; }

    public long Outputs { get; }

    public Parameter Weight => weight;

    public Parameter? Bias => bias;

    /// <summary>1 where there is a connection, (outputs, inputs).</summary>
    public Tensor Mask(int set) => GetConstant(Key(set));

    public Tensor Forward(Tensor x, int set)
    {
        var mask = Mask(set);
        return blocks[set].Length > 1 && x.size(0) >= MaskBlock.WorthwhileBatch
            ? MaskedProduct.Apply(x, weight, bias!, mask, blocks[set])
            : nn.functional.linear(x, weight * mask, bias);
    }

    private static string Key(int set) => $"mask{set}";
}
