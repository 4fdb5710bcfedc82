using FlowKit.Conditioners;
using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>Numbers z of any margins F_i joined by a Gaussian copula of correlation R(c), both computed from the context by a network: z_i = F_i⁻¹(Phi(w_i)) with w = L e ~ N(0, R), R = L Lᵀ. As q(z | x) it makes the Gaussian-copula VAE.</summary>
/// <remarks>
/// <para>Wang, Wang 2019. ln q(z | c) = ln c_R(u) + sum of ln f_i(z_i), with u_i = F_i(z_i), w_i = Phi⁻¹(u_i) and ln c_R = -ln det L - (|L⁻¹w|² - |w|²) / 2. With normal margins it is N(mu, D R D), D = diag(sigma), and no more than
/// <see cref="MultivariateNormal.Conditional"/> can be; with others, as <see cref="SinhArcsinh"/>, <see cref="SkewLogistic"/> or <see cref="StudentT"/>, it is a law that no normal one equals.</para>
/// <para>The network gives the family's P parameters of each of the D numbers, P-major, and the D (D - 1) / 2 entries of L below its diagonal, row by row, before rows are divided by their norm. Zero outputs are independent standard members.</para>
/// <para>Reparameterized: gradients flow from draws to all outputs. The mathematics is float64, with logarithms of both tails, so that draws far out lose no digits. Shapes: z is (B, D), the context (B, C...).</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var q = new ConditionalGaussianCopula(new Logistic(), features: 2, contextShape: 3, (inputs, outputs) => new Mlp(inputs, outputs, [16]));
/// var c = randn(1, 3);
/// Console.WriteLine(q.Correlation(c).flatten().npstr());  // => [1, 0, 0, 1]
/// Console.WriteLine(q.Entropy(c).npstr());                // => [4]
///
/// // A posterior in whose latents the autoencoder may find a correlation.
/// var truth = new LinearGaussian(weights: tensor(new[,] { { 1f, 1 } }), noise: 0.5);
/// var vae = truth.WithPosterior(new ConditionalGaussianCopula(new Normal(), 2, 1, (inputs, outputs) => new Mlp(inputs, outputs, [])));
/// Trainer.Fit(vae, truth.Marginal.Sample(1000), options: new() { Steps = 300, LearningRate = 0.03, Threads = 1 });
/// Console.WriteLine($"{((ConditionalGaussianCopula)vae.Posterior).Correlation(zeros(1, 1))[0, 1, 0].ToDouble():F1}");     // => -0.8
/// </code></example>
public sealed class ConditionalGaussianCopula : Distribution
{
    private readonly Conditioner conditioner;

    /// <summary>A law whose parameters start where the network does.</summary>
    /// <param name="margins">The family of every margin, continuous, with a distribution function.</param>
    /// <param name="features">D >= 1.</param>
    /// <param name="contextShape">Sizes of one context, (C) or (C, H, W).</param>
    /// <param name="conditioner">Makes the network from (inputs, outputs): it reads the C features or channels of the context and gives P D + D (D - 1) / 2.</param>
    /// <exception cref="ArgumentException">The family is of whole numbers, or the network's sizes do not fit.</exception>
    public ConditionalGaussianCopula(Family margins, long features, Shape contextShape, Func<long, long, Conditioner> conditioner)
        : base(nameof(ConditionalGaussianCopula), Guard.Size(features, least: 1))
    {
        ArgumentNullException.ThrowIfNull(margins);
        if (margins.IsDiscrete) throw new ArgumentException($"{margins.GetType().Name} is of whole numbers; expected margins with densities.", nameof(margins));
        Guard.Sizes(contextShape, dimensions: 1);
        this.conditioner = Conditioner.MakePlain(conditioner, contextShape[0], margins.ParameterCount * features + CorrelationCholesky.Count(features));
        (Margins, ContextShape) = (margins, contextShape);
        if (features > 1) SetConstant("places", CorrelationCholesky.Places(features));
        RegisterComponents();
    }

    /// <summary>The family of every margin.</summary>
    public Family Margins { get; }

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    /// <inheritdoc/>
    public override bool IsReparameterized => true;

    internal override string Detail => Margins.GetType().Name;

    /// <summary>R(c), the correlation of the normal scores of z, (B, D, D).</summary>
    /// <param name="context">(B, C...).</param>
    public Tensor Correlation(Tensor context)
    {
        Guard.Alive(context);
        CheckContext(context, Guard.Rows(context));
        using var scope = NewDisposeScope();
        var scale = At(context).Copula.Scale;
        return scope.MoveToOuter(scale.matmul(scale.mT).to(Dtype));
    }

    /// <summary>Differential entropy, the sum of the margins' and ln det R / 2, one a row of the context, (B), nats.</summary>
    /// <param name="context">(B, C...).</param>
    /// <exception cref="NotSupportedException">The margins' entropy has no closed form.</exception>
    public Tensor Entropy(Tensor context)
    {
        Guard.Alive(context);
        CheckContext(context, Guard.Rows(context));
        using var scope = NewDisposeScope();
        var (theta, copula) = At(context);
        return scope.MoveToOuter((Margins.Entropy(theta).sum(dim: 1) + copula.LogDet).to(Dtype));
    }

    /// <summary>The normal law that it is where the margins are normal.</summary>
    internal MeanAndCholesky AsNormal(Tensor context)
    {
        var (theta, copula) = At(context);
        return new(LocationScaleFamily.Location(theta).to(Dtype), (copula.Scale * ((Normal)Margins).Scale(theta).unsqueeze(2)).to(Dtype));
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NothingAtInfinity(x, x =>
    {
        var (theta, copula) = At(context!);
        var z = x.to(float64);
        var w = Margins.NormalScore(z, theta);
        var e = linalg.solve_triangular(copula.Scale, w.unsqueeze(2), upper: false).squeeze(2);
        return LogDensity(z, theta, w, e, copula).to(x.dtype);
    });

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => Draw(count, context!).Z.to(Dtype);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context)
    {
        var (z, theta, w, e, copula) = Draw(count, context!);
        return (z.to(Dtype), LogDensity(z, theta, w, e, copula).to(Dtype));
    }

    // The marginal parameters, (rows, P, D), and the copula, in float64.
    private (Tensor Theta, CorrelationCholesky Copula) At(Tensor context)
    {
        Guard.Dtype(context, Dtype, GetName());
        var all = conditioner.Forward(context, null).to(float64);
        long rows = all.size(0), own = Margins.ParameterCount * Dimensions;
        var theta = all.narrow(1, 0, own).view(rows, Margins.ParameterCount, Dimensions);
        return (theta, Dimensions > 1
            ? CorrelationCholesky.Of(all.narrow(1, own, CorrelationCholesky.Count(Dimensions)), GetConstant("places"), Dimensions)
            : new(ones(rows, 1, 1, dtype: float64, device: all.device), zeros(rows, dtype: float64, device: all.device)));
    }

    private (Tensor Z, Tensor Theta, Tensor W, Tensor E, CorrelationCholesky Copula) Draw(long count, Tensor context)
    {
        var (theta, copula) = At(context);
        var e = randn(BatchOf(count), dtype: float64, device: Device);
        var w = copula.Scale.matmul(e.unsqueeze(2)).squeeze(2);
        double most = Dtype == float64 ? 1e300 : 1e37;                        // heavy tails may reach beyond what a number holds
        return (Margins.FromNormalScore(w, theta).clamp(-most, most), theta, w, e, copula);
    }

    // ln c_R(u) + sum of ln f_i(z_i), with w = L e.
    private Tensor LogDensity(Tensor z, Tensor theta, Tensor w, Tensor e, CorrelationCholesky copula) =>
        Margins.LogProb(z, theta).sum(dim: 1) - copula.LogDet - (e.square() - w.square()).sum(dim: 1) / 2;
}
