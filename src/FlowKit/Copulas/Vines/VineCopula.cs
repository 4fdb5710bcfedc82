using FlowKit.Distributions;
using TorchSharp.Modules;

namespace FlowKit.Copulas;

/// <summary>A vine copula: the density of D uniform variables as a product of pair copulas, one for each edge of a <see cref="VineStructure"/>, c(u) = product of c_e(F(first | given), F(second | given)).</summary>
/// <remarks>
/// <para>Shapes: x is (B, D), log-densities (B), in nats; computed in float64 and returned in x's precision. Outside the unit cube the log-density is -inf.</para>
/// <para>The conditional ranks come tree by tree, F(j | k, given) = h(F(j | given) | F(k | given)) (Aas, Czado, Frigessi, Bakken 2009, Insurance: Mathematics and Economics 44:182); draws come from the inverse
/// Rosenblatt transform. Pair copulas do not depend on the values of what they are conditioned on, the simplifying assumption.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var vine = new VineCopula(VineStructure.DVine(0, 1, 2),
/// [
///     [new PairCopula(new Clayton(), 2.0), new PairCopula(new Gumbel(), 2.0)],       // 0,1 and 1,2
///     [new PairCopula(new Frank(), 5.0)],                                            // 0,2|1
/// ]);
/// vine.to(float64);
/// var x = vine.Sample(10_000);
/// Console.WriteLine($"{vine.LogProb(x).mean().ToDouble():F1}");                      // => 1.1
/// var given = vine.SampleGiven(10_000, tensor(new[,] { { 0.05 } }), 0);              // the others, where variable 0 is low
/// Console.WriteLine($"{given.select(1, 1).mean().ToDouble():F1}");                   // => 0.1
/// </code></example>
public sealed class VineCopula : Distribution
{
    private readonly ModuleList<BivariateCopula> pairs;

    /// <summary>A vine of these pair copulas.</summary>
    /// <param name="structure">The trees.</param>
    /// <param name="copulas">[tree][edge], in the order of <see cref="VineStructure.Trees"/>: of F(first | given) and F(second | given).</param>
    /// <exception cref="ArgumentException">There is not one copula for each edge.</exception>
    public VineCopula(VineStructure structure, IReadOnlyList<IReadOnlyList<BivariateCopula>> copulas) : base(nameof(VineCopula), DimensionsOf(structure))
    {
        ArgumentNullException.ThrowIfNull(copulas);
        Guard.NoneNull(copulas, nameof(copulas));
        if (copulas.Count != structure.Trees.Count) throw new ArgumentException($"There are {copulas.Count} trees of copulas; the vine has {structure.Trees.Count} trees.", nameof(copulas));
        for (int tree = 0; tree < copulas.Count; tree++)
        {
            Guard.NoneNull(copulas[tree], nameof(copulas));
            if (copulas[tree].Count != structure.Trees[tree].Count)
                throw new ArgumentException($"Tree {tree + 1} has {structure.Trees[tree].Count} edges; there are {copulas[tree].Count} copulas for it.", nameof(copulas));
        }

        Structure = structure;
        pairs = new ModuleList<BivariateCopula>([.. copulas.SelectMany(tree => tree)]);
        Recursion = new(structure.Links, [.. copulas.Select(tree => tree.ToArray())]);
        Edges = [.. structure.Trees.SelectMany((tree, i) => tree.Select((pair, k) => new VineEdge(i + 1, pair.First, pair.Second, pair.Given, copulas[i][k])))];
        RegisterComponents();
    }

    /// <summary>The trees.</summary>
    public VineStructure Structure { get; }

    /// <summary>All edges, tree by tree.</summary>
    public IReadOnlyList<VineEdge> Edges { get; }

    /// <summary>The number of parameters of all pair copulas.</summary>
    public double DegreesOfFreedom => pairs.Sum(pair => pair.DegreesOfFreedom);

    /// <summary>The map between the unit cube with this law and that with independent uniform variables.</summary>
    public RosenblattTransform Rosenblatt => new(this);

    internal VineRecursion Recursion { get; }

    internal override string Detail => $"{Structure.Trees.Count} {(Structure.Trees.Count == 1 ? "tree" : "trees")}";

    /// <summary>A vine fitted to data tree by tree, its pair copulas chosen edge by edge, and its trees too where they are not given.</summary>
    /// <remarks>Without a <see cref="VineFitOptions.Structure"/> each tree joins the pairs with the largest |tau| of their ranks that the tree below allows: the spanning tree with the largest sum of |tau| (Dissmann,
    /// Brechmann, Czado, Kurowicka 2013, Computational Statistics &amp; Data Analysis 59:52). A tree is not changed in the light of later ones, so that the likelihood need not be the largest of all vines.</remarks>
    /// <param name="u">(N, D), in (0, 1), as ranks divided by N + 1; N >= D and N >= 10.</param>
    /// <param name="options">What is searched and how; null for the defaults.</param>
    /// <exception cref="ArgumentException">u has another shape, fewer rows than columns, a constant column, NaN or values outside (0, 1), or the structure has another number of variables.</exception>
    public static VineCopula Fit(Tensor u, VineFitOptions? options = null)
    {
        options ??= new();
        if (options.Pairs is null) throw new ArgumentException("Pairs is null.", nameof(options));
        if (options.Trees is { } trees) ArgumentOutOfRangeException.ThrowIfLessThan(trees, 1, nameof(options.Trees));
        if (options.Threads is { } threads) ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(options.Threads));
        if (!Enum.IsDefined(options.Kind)) throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "Expected one of VineKind.");
        var fit = new VineFit(u, options);
        if (options.Structure is { } structure && structure.Dimensions != u.size(1))
            throw new ArgumentException($"u has {u.size(1)} columns; the structure has {structure.Dimensions} variables.", nameof(u));
        return fit.Run();
    }

    /// <summary>The vine of the first trees, with the same copulas: what the others join is taken to be independent.</summary>
    /// <param name="trees">How many, >= 1.</param>
    public VineCopula Truncate(int trees)
    {
        var structure = Structure.Truncate(trees);
        var less = new VineCopula(structure, [.. Enumerable.Range(1, structure.Trees.Count).Select(tree => Edges.Where(edge => edge.Tree == tree).Select(edge => edge.Copula).ToArray())]);
        if (Dtype == float64) less.to(float64);                             // the copulas are shared: another precision would round them
        return less;
    }

    /// <summary>Draws of all variables where some are known, (count, D), the known ones in their columns.</summary>
    /// <param name="count">How many, >= 0.</param>
    /// <param name="known">Their values in (0, 1), (count, m), or (1, m) for all draws.</param>
    /// <param name="variables">Which variables they are, m of 0 .. D - 1 that begin an order of the vine; none: the first m of its <see cref="VineStructure.Order"/>.</param>
    /// <exception cref="ArgumentException">A shape does not fit, a value is outside (0, 1), or no order of the vine begins with these variables; the message says which do.</exception>
    public Tensor SampleGiven(long count, Tensor known, params IReadOnlyList<int> variables)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(variables);
        Guard.Number(known);
        if (known.Dimensions != 2 || known.size(0) != count && known.size(0) != 1 || known.size(1) < 1 || known.size(1) > Dimensions || variables.Count > 0 && variables.Count != known.size(1))
            throw new ArgumentException($"known has shape {Guard.Describe(known)}; expected ({count}, m) or (1, m) for {(variables.Count > 0 ? $"the m = {variables.Count} variables" : $"m = 1 .. {Dimensions} variables")}.", nameof(known));
        int[] which = variables.Count > 0 ? [.. variables] : [.. Structure.Order.Take((int)known.size(1))];
        var plan = Structure.Beginning(which, nameof(variables));
        using var call = NativeMemory.Enter();
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var inside = known.to(float64);
        if (!inside.gt(0).logical_and(inside.lt(1)).all().ToBoolean()) throw new ArgumentException("known holds values outside (0, 1).", nameof(known));
        var z = rand(count, Dimensions, dtype: float64, device: Device);
        for (int i = 0; i < which.Length; i++) z.select(1, which[i]).copy_(inside.select(1, i).expand(count));
        return scope.MoveToOuter(UnitDraws.In(Recursion.Inverse(z, plan, which.Length).X, Dtype));
    }

    /// <summary>The sum of the log-densities of all rows, nats. Parts of the rows are computed side by side, on as many threads as <see cref="Runtime.Threads"/> says.</summary>
    /// <param name="u">(N, D), in (0, 1).</param>
    public double LogLikelihood(Tensor u)
    {
        const long part = 4096;
        Guard.Batch(u, EventShape);
        double[] sums = new double[(u.size(0) + part - 1) / part];
        OneThreadEach.For(sums.Length, Runtime.Threads, i =>
        {
            using var scope = NewDisposeScope();
            sums[i] = LogProb(u.narrow(0, i * part, Math.Min(part, u.size(0) - i * part))).to(float64).sum().ToDouble();
        });
        return sums.Sum();
    }

    /// <summary>Akaike's criterion, 2 k - 2 times the log-likelihood: less is better.</summary>
    /// <param name="u">(N, D), in (0, 1).</param>
    public double Aic(Tensor u) => 2 * DegreesOfFreedom - 2 * LogLikelihood(u);

    /// <summary>The Bayesian criterion, k ln N - 2 times the log-likelihood: less is better.</summary>
    /// <param name="u">(N, D), in (0, 1).</param>
    public double Bic(Tensor u) => -2 * LogLikelihood(u) + DegreesOfFreedom * Math.Log(u.size(0));

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => Recursion.Forward(x).LogDensity.to(x.dtype);

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => UnitDraws.In(Recursion.Inverse(rand(count, Dimensions, dtype: float64, device: Device), Structure.Plan).X, Dtype);

    private static int DimensionsOf(VineStructure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return structure.Dimensions;
    }
}
