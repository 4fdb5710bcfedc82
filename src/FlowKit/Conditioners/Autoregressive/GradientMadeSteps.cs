namespace FlowKit.Conditioners;

/// <summary>The steps as ordinary tensor operations: differentiable to any order, on every device.</summary>
internal sealed class GradientMadeSteps : MadeSteps
{
    private readonly Made made;
    private readonly Tensor? context;
    private readonly long batch;
    private readonly int[][] ends;
    private readonly Tensor[][] weights;     // of each layer, rows by degree or position, columns sorted
    private readonly Tensor[][] biases;
    private readonly Tensor[]? direct;
    private readonly List<Tensor> x = [];
    private readonly List<Tensor>[] known;   // what each hidden layer has computed, degree by degree
    private int position;

    public GradientMadeSteps(Made made, Tensor? context, Tensor like)
    {
        (this.made, this.context, batch) = (made, context, like.size(0));
        var degrees = made.CurrentDegrees;
        int features = degrees.Order.Length, last = degrees.Hidden.Length, parameters = made.Parameters * made.PositionSize;
        var sorting = made.Sorting;
        ends = sorting.Ends;
        known = [.. ends.Select(_ => new List<Tensor>())];
        (weights, biases) = ([], []);
        if (made.Constant is not null) return;

        (weights, biases) = (new Tensor[last + 1][], new Tensor[last + 1][]);
        for (int layer = 0; layer <= last; layer++)
        {
            long[] groups = layer == last ? Even(features, parameters) : Sizes(ends[layer]);
            weights[layer] = sorting.Rows(layer, sorting.Columns(layer, made.Layers[layer].Weight)).split(groups, 0);
            biases[layer] = sorting.Rows(layer, made.Layers[layer].Bias!).split(groups, 0);
        }
        if (made.Direct is not null) direct = sorting.Rows(last, sorting.Columns(0, made.Direct.Weight)).split(Even(features, parameters), 0);
        Compute(0);
    }

    public override Tensor Theta()
    {
        if (made.Constant is { } constant) return OfPosition(made, constant.expand(batch, -1));

        int last = weights.Length - 1;
        var theta = last == 0 ? Read(weights[0][position], biases[0][position]) : Linear(known[last - 1], weights[last][position], biases[last][position]);
        if (direct is not null) theta = theta + Read(direct[position], null);
        return OfPosition(made, theta);
    }

    public override void Append(Tensor value)
    {
        x.Add(value.flatten(1));
        position++;
        if (position < made.Inputs) Compute(position);
    }

    /// <summary>The units of that degree, layer by layer.</summary>
    private void Compute(int degree)
    {
        for (int layer = 0; layer < known.Length; layer++)
        {
            if (weights.Length == 0 || weights[layer][degree].size(0) == 0) continue;
            var (weight, bias) = (weights[layer][degree], biases[layer][degree]);
            known[layer].Add(made.Activate(layer == 0 ? Read(weight, bias) : Linear(known[layer - 1], weight, bias)));
        }
    }

    /// <summary>Rows of a first layer on the context and the features known so far.</summary>
    private Tensor Read(Tensor weight, Tensor? bias) => Linear(context is null ? x : [context, .. x], weight, bias);

    private Tensor Linear(List<Tensor> parts, Tensor weight, Tensor? bias)
    {
        if (parts.Count == 0) return bias?.expand(batch, -1) ?? zeros(batch, weight.size(0), dtype: weight.dtype, device: weight.device);

        var input = parts.Count == 1 ? parts[0] : cat([.. parts], 1);
        return nn.functional.linear(input, weight.narrow(1, 0, input.size(1)), bias);
    }

    private static long[] Sizes(int[] ends) => [.. ends.Select((end, m) => (long)(m == 0 ? end : end - ends[m - 1]))];

    private static long[] Even(int count, long size) => [.. Enumerable.Repeat(size, count)];
}
