namespace FlowKit.Conditioners;

/// <summary>Steps of a network that has none of its own: D passes, each with zeros in place of what is not known yet. Differentiable.</summary>
internal sealed class WholePassSteps(AutoregressiveNetwork network, Tensor? context, Tensor like) : AutoregressiveSteps
{
    private readonly Tensor[] columns = [.. Enumerable.Repeat(like.new_zeros([like.size(0), 1, .. network.EventShape[1..]]), (int)network.Inputs)];
    private int position;

    public override Tensor Theta() =>
        network.Forward(cat(columns, dim: 1), context).view([like.size(0), network.Parameters, .. network.EventShape]).narrow(2, network.Order[position], 1);

    public override void Append(Tensor value) => columns[network.Order[position++]] = value;
}
