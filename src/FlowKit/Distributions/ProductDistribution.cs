using TorchSharp.Modules;

namespace FlowKit.Distributions;

/// <summary>Independent blocks side by side: p(x) = product of p_k(x_k) with x = (x_1, ..., x_K), features in that order.</summary>
/// <example><code>
/// // An angle and a length side by side.
/// manual_seed(0);
/// var joint = new ProductDistribution(Uniform.Angles(1), new Beta().Fixed(a: full(1, 2.0), b: full(1, 2.0)));
/// var x = joint.Sample(1000);
/// Console.WriteLine(x);                                    // => [1000x2], type = Float32, device = cpu
/// Console.WriteLine(x.select(1, 1).max().ToDouble() &lt; 1);  // => True
/// </code></example>
public sealed class ProductDistribution : Distribution
{
    private readonly ModuleList<Distribution> blocks;

    /// <summary>Blocks of features.</summary>
    /// <param name="blocks">Distributions of vectors, (D_k).</param>
    /// <exception cref="ArgumentException">There is none, one is not of vectors, or two want contexts of different sizes.</exception>
    public ProductDistribution(params IEnumerable<Distribution> blocks) : this([.. blocks], 0) { }

    private ProductDistribution(Distribution[] blocks, int _) : base(nameof(ProductDistribution), Features(blocks))
    {
        ContextShape = CommonContext(nameof(ProductDistribution), blocks);
        this.blocks = new ModuleList<Distribution>(blocks);
        RegisterComponents();
    }

    internal IEnumerable<Distribution> Blocks => blocks;

    /// <inheritdoc/>
    public override bool IsExact => blocks.All(block => block.IsExact);

    /// <inheritdoc/>
    public override bool IsReparameterized => blocks.All(block => block.IsReparameterized);

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    /// <inheritdoc/>
    public override bool IsLocationScale => blocks.All(block => block.IsLocationScale);

    /// <inheritdoc/>
    protected internal override Tensor Center(long rows, Tensor? context) =>
        cat([.. blocks.Select(block => block.Center(rows, ContextOf(block, context)).expand(rows, block.Dimensions))], dim: 1);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var parts = x.split([.. blocks.Select(block => block.Dimensions)], dim: 1);
        return blocks.Zip(parts, (block, part) => block.LogProb(part, ContextOf(block, context))).Aggregate((sum, logProb) => sum + logProb);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) =>
        cat([.. blocks.Select(block => block.Sample(count, ContextOf(block, context)))], dim: 1);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context)
    {
        var draws = blocks.Select(block => block.SampleWithLogProb(count, ContextOf(block, context))).ToArray();
        return (cat([.. draws.Select(draw => draw.X)], dim: 1), draws.Select(draw => draw.LogProb).Aggregate((sum, logProb) => sum + logProb));
    }

    private static Shape Features(Distribution[] blocks)
    {
        Guard.NoneNull(blocks, nameof(blocks));
        if (blocks.Length == 0) throw new ArgumentException("A joint distribution needs at least one block.", nameof(blocks));
        return blocks.FirstOrDefault(block => block.EventShape.Count != 1) is { } other
            ? throw new ArgumentException($"Blocks are of vectors, (D); one is of events {other.EventShape}.", nameof(blocks))
            : blocks.Sum(block => block.Dimensions);
    }
}
