using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>One hidden layer for each position, all with the same weights: a_1 = c + U y, h_q = act(rho_q a_q), theta_q = V_q h_q + b_q, a_{q+1} = a_q + x_q W_q, for an order of the features.</summary>
/// <remarks>
/// <para>The recursion makes all D hidden layers in O(D H) instead of O(D² H). Larochelle, Murray 2011 (NADE, no rho, sigmoid units, <see cref="Distributions.Bernoulli"/> elements);
/// Uria, Murray, Larochelle 2013, arXiv:1306.0186, sections 2 and 3 (RNADE: real x, rho, rectified units, elements that are mixtures).</para>
/// <para>Density takes several positions at once, which costs O(D H) as well; sampling takes the recursion as it stands, a step in O(H P). Departures: any order, any P parameters, a context y.</para>
/// <para>Shapes: (B, D) and (B, ContextShape...) to (B, P D), P-major: viewed as (B, P, D) it is the theta of a family or of an elementwise map. It starts at zero.</para>
/// </remarks>
/// <example><code>
/// // RNADE: mixtures of three normals, of which the second feature's depends on the first. Two modes at x_1² = 1 take more than one.
/// manual_seed(0);
/// var family = new MixtureFamily(new Normal(), Components: 3);
/// var rnade = new Autoregressive(family, new Nade(features: 2, parameters: family.ParameterCount, hidden: 32));
/// var x = randn(2000, 1);
/// var data = cat([x.square() + 0.3 * randn(2000, 1), x], dim: 1);
/// Trainer.Fit(rnade, data, options: new() { Steps = 300, LearningRate = 1e-2, Threads = 1 });
/// var (both, none) = (tensor(new[,] { { 1f, 1 }, { 1f, -1 } }), tensor(new[,] { { 1f, 0 } }));
/// Console.WriteLine(rnade.LogProb(both).min().ToDouble() > rnade.LogProb(none).ToDouble() + 1);  // => True
/// </code></example>
public sealed class Nade : AutoregressiveNetwork
{
    private const long Chunk = 16, Rows = 256;          // positions taken at once: O(D H) in any case, and long rows for the products; rows of a batch, where none of it is kept for gradients

    private readonly Parameter start;         // c, (H)
    private readonly Parameter? reading;      // U, (H, C)
    private readonly Parameter? influence;    // W, (D - 1, H), by position; null where D = 1
    private readonly Parameter? rescaling;    // rho, (D), by position
    private readonly Parameter weight;        // V, (D, P, H), by position
    private readonly Parameter bias;          // b, (D, P), by position
    private readonly Activation activation;

    /// <summary>A NADE over D features.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="parameters">Outputs a feature has, P >= 1.</param>
    /// <param name="hidden">Units of the hidden layer, H >= 1.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="order">The features, first to last: each of 0..D-1 once (see <see cref="Orders"/>); null for 0, 1, 2, ...</param>
    /// <param name="rescales">Whether the activations of each position are multiplied by a learned rho, as in RNADE: sums of more terms are larger. It starts at 1.</param>
    /// <param name="activation">Of the hidden units; RNADE's, or <see cref="Activation.Sigmoid"/> for NADE's.</param>
    /// <exception cref="ArgumentException">The order is no permutation of the features.</exception>
    public Nade(
        long features, int parameters, long hidden, Shape? contextShape = null, IReadOnlyList<int>? order = null, bool rescales = true, Activation activation = Activation.ReLU)
        : base(nameof(Nade), Guard.Size(features, least: 1), parameters, contextShape)
    {
        Guard.Size(hidden, least: 1);
        this.activation = activation;
        Order = Orders.Checked(order, features);
        double reach = 1 / Math.Sqrt(Inputs + ContextSize);
        start = Drawn(hidden);
        if (contextShape is not null) reading = Drawn(hidden, ContextSize);
        if (features > 1) influence = Drawn(features - 1, hidden);
        if (rescales) rescaling = new Parameter(ones(features, dtype: get_default_dtype(), device: CPU));
        weight = new Parameter(zeros(features, parameters, hidden, dtype: get_default_dtype(), device: CPU));
        bias = new Parameter(zeros(features, parameters, dtype: get_default_dtype(), device: CPU));
        RegisterComponents();

        Parameter Drawn(params long[] shape) => new((rand(shape, dtype: get_default_dtype(), device: CPU) * 2 - 1) * reach);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Order { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context)
    {
        if (is_grad_enabled() || x.size(0) <= Rows) return Pass(x, context);

        var parts = new List<Tensor>();
        for (long first = 0; first < x.size(0); first += Rows)
        {
            using var part = NewDisposeScope();
            long count = Math.Min(Rows, x.size(0) - first);
            parts.Add(part.MoveToOuter(Pass(x.narrow(0, first, count), context?.narrow(0, first, count))));
        }
        return cat(parts, dim: 0);
    }

    /// <summary>Steps of the recursion.</summary>
    /// <inheritdoc/>
    public override AutoregressiveSteps Begin(Tensor? context, Tensor like) => new Steps(this, Start(context, like.size(0)));

    private Tensor Pass(Tensor x, Tensor? context)
    {
        var (a, sorted) = (Start(context, x.size(0)), Sort(x, Order));
        var outputs = new List<Tensor>();
        for (long first = 0; first < Inputs; first += Chunk)
        {
            using var chunk = NewDisposeScope();                                                           // what no gradient needs goes at once: the next positions take its memory
            long count = Math.Min(Chunk, Inputs - first), known = Math.Min(count, Inputs - 1 - first);     // the last position's value is read by none
            var (read, weights) = known == 0 ? (null, null) : (sorted.narrow(1, first, known), influence!.narrow(0, first, known));
            var h = Hidden(Activations(a, read, weights, count), first, count);                            // (count, B, H)
            outputs.Add(chunk.MoveToOuter(h.bmm(weight.narrow(0, first, count).transpose(1, 2)) + bias.narrow(0, first, count).unsqueeze(1)));
            if (first + count < Inputs) a = chunk.MoveToOuter(a + read!.mm(weights!));
        }
        var theta = outputs.Count == 1 ? outputs[0] : cat(outputs, dim: 0);                                // (D, B, P)
        return Sort(theta.permute(1, 2, 0), Positions()).reshape(x.size(0), Outputs);
    }

    /// <summary>a_1, (B, H).</summary>
    private Tensor Start(Tensor? context, long batch) => reading is null ? start.expand(batch, -1) : nn.functional.linear(context!.flatten(1), reading, start);

    /// <summary>a of that many positions from the first one's, (count, B, H): the q-th has read the q values before it.</summary>
    private static Tensor Activations(Tensor a, Tensor? read, Tensor? weights, long count)
    {
        if (read is null) return a.unsqueeze(0);

        var before = ones(count, read.size(1), dtype: read.dtype, device: read.device).tril(-1);           // 1 where the column comes before the row
        return (read.unsqueeze(0) * before.unsqueeze(1)).matmul(weights!) + a;
    }

    private Tensor Hidden(Tensor a, long first, long count) =>
        activation.Apply(rescaling is null ? a : a * rescaling.narrow(0, first, count).view(count, 1, 1));

    private int[] Positions()
    {
        int[] positions = new int[Order.Count];
        for (int q = 0; q < positions.Length; q++) positions[Order[q]] = q;
        return positions;
    }

    // The last dimension in that order.
    private static Tensor Sort(Tensor x, IReadOnlyList<int> order)
    {
        for (int i = 0; i < order.Count; i++)
            if (order[i] != i) return x.index_select(x.Dimensions - 1, tensor(order.Select(one => (long)one).ToArray(), dtype: int64, device: x.device));
        return x;
    }

    private sealed class Steps(Nade nade, Tensor a) : AutoregressiveSteps
    {
        private Tensor a = a;
        private int position;

        public override Tensor Theta()
        {
            var h = nade.activation.Apply(nade.rescaling is null ? a : a * nade.rescaling[position]);
            return nn.functional.linear(h, nade.weight[position], nade.bias[position]).unsqueeze(2);       // (B, P, 1)
        }

        public override void Append(Tensor value)
        {
            if (position < nade.Inputs - 1) a = a + value * nade.influence![position];
            position++;
        }
    }
}
