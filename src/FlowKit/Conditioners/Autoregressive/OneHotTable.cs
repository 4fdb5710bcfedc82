using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>Logits of D positions with K classes, linear in the one-hot codes of the positions before: b_d + sum over e &lt; d of W_{d,e,x_e}. It reads class numbers, and starts at zero.</summary>
internal sealed class OneHotTable : AutoregressiveNetwork
{
    private readonly Parameter bias;          // (D K)
    private readonly Parameter? influence;    // (D K, D K), of which the blocks below the diagonal are read; null where D = 1

    /// <param name="positions">D >= 1.</param>
    /// <param name="classes">K >= 2.</param>
    public OneHotTable(long positions, int classes) : base(nameof(OneHotTable), positions, classes, null)
    {
        Order = Orders.Natural(positions);
        long size = positions * classes;
        bias = new Parameter(zeros(size, dtype: get_default_dtype(), device: CPU));
        if (positions > 1)
        {
            influence = new Parameter(zeros(size, size, dtype: get_default_dtype(), device: CPU));
            using var scope = NewDisposeScope();
            var block = arange(size, dtype: int64, device: CPU).div(classes, RoundingMode.floor);
            SetConstant("later", block.unsqueeze(1).le(block));               // (D K, D K)
        }
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Order { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context)
    {
        var logits = influence is null ? bias.expand(x.size(0), -1) : OneHot(x).flatten(1).matmul(influence.masked_fill(GetConstant("later"), 0).t()) + bias;
        return logits.view(x.size(0), Inputs, Parameters).transpose(1, 2).flatten(1);                         // P-major
    }

    /// <inheritdoc/>
    public override AutoregressiveSteps Begin(Tensor? context, Tensor like) => new Steps(this, like);

    private Tensor OneHot(Tensor classes) => nn.functional.one_hot(classes.to(int64), Parameters).to(Dtype);

    private sealed class Steps(OneHotTable table, Tensor like) : AutoregressiveSteps
    {
        private readonly List<Tensor> codes = [];

        public override Tensor Theta()
        {
            int classes = table.Parameters, known = codes.Count * classes;
            var logits = table.bias.narrow(0, known, classes).expand(like.size(0), classes);
            if (known > 0) logits = logits + cat([.. codes], dim: 1).matmul(table.influence!.narrow(0, known, classes).narrow(1, 0, known).t());
            return logits.unsqueeze(2);
        }

        public override void Append(Tensor value) => codes.Add(table.OneHot(value).flatten(1));
    }
}
