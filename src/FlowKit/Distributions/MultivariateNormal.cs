using FlowKit.Conditioners;
using TorchSharp.Modules;

namespace FlowKit.Distributions;

/// <summary>N(mu, Sigma) with Sigma = L Lᵀ: x = mu + L e; ln p(x) = -|L⁻¹(x - mu)|² / 2 - ln det L - D/2 ln(2 pi).</summary>
/// <remarks>L is lower triangular with a positive diagonal, which is held by its logarithm, so that a learned Sigma is never singular. Reparameterized.</remarks>
/// <example><code>
/// manual_seed(0);
/// var law = new MultivariateNormal(mean: tensor(new[] { 1.0, -1 }), covariance: tensor(new[,] { { 2.0, 1 }, { 1, 2 } }));
/// Console.WriteLine(law.Entropy().npstr());  // => [3.3872]
/// var x = law.Sample(20_000);
/// Console.WriteLine(cov(x.mT).npstr("F0"));
/// // => [[2, 1]
/// // =>  [1, 2]]
/// </code></example>
public sealed class MultivariateNormal : Distribution
{
    private readonly Parameter? mean;         // (D); null where all are fixed
    private readonly Parameter? lower;        // (D, D), of which the part below the diagonal is read
    private readonly Parameter? logDiagonal;  // (D)

    /// <summary>A fixed normal law of D features.</summary>
    /// <param name="mean">mu, (D).</param>
    /// <param name="covariance">Sigma, (D, D): symmetric and positive definite.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the covariance is not symmetric or singular.</exception>
    public MultivariateNormal(Tensor mean, Tensor covariance) : base(nameof(MultivariateNormal), Features(mean, covariance))
    {
        using var scope = NewDisposeScope();
        var scale = CovarianceCholesky.Of(covariance);
        SetConstant(nameof(mean), mean.detach().to(float64).cpu().clone());
        SetConstant(nameof(lower), scale.tril(-1));
        SetConstant(nameof(logDiagonal), scale.diagonal(0, 0, 1).log());
        RegisterComponents();
    }

    private MultivariateNormal(long features) : base(nameof(MultivariateNormal), Guard.Size(features, least: 1))
    {
        mean = new Parameter(zeros(features, dtype: get_default_dtype(), device: CPU));
        lower = new Parameter(zeros(features, features, dtype: get_default_dtype(), device: CPU));
        logDiagonal = new Parameter(zeros(features, dtype: get_default_dtype(), device: CPU));
        RegisterComponents();
    }

    /// <summary>The normal law of highest likelihood: the mean of the data, and their covariance with divisor N.</summary>
    /// <param name="data">(N, D), finite, N > D.</param>
    /// <exception cref="ArgumentException">A feature is constant or a combination of others, there are too few rows, or a value is not finite.</exception>
    public static MultivariateNormal Fit(Tensor data)
    {
        SecondMoments.Check(data);
        using var scope = NewDisposeScope();
        var (mean, covariance) = SecondMoments.Of(data.cpu());
        try
        {
            return new(mean, (covariance + covariance.t()) / 2);
        }
        catch (ArgumentException singular)
        {
            throw new ArgumentException($"{data.size(0)} rows give {data.size(1)} features no covariance of full rank. {singular.Message.Split(" (Parameter")[0]}", nameof(data), singular);
        }
    }

    /// <summary>A law whose mean and covariance training changes; it starts at N(0, I).</summary>
    /// <param name="features">D >= 1.</param>
    public static MultivariateNormal Learned(long features) => new(features);

    /// <summary>A law whose mean and covariance a network computes from the context.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="contextShape">C of the context (B, C), >= 1.</param>
    /// <param name="conditioner">Makes the network from (inputs, outputs): it reads the C features of the context and gives 2 D + D (D - 1) / 2.</param>
    public static ConditionalMultivariateNormal Conditional(long features, Shape contextShape, Func<long, long, Conditioner> conditioner) => new(features, contextShape, conditioner);

    /// <inheritdoc/>
    public override bool IsReparameterized => true;

    /// <summary>Differential entropy, D/2 ln(2 pi e) + ln det L, (1), nats.</summary>
    public Tensor Entropy()
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(LogDiagonal.sum(dim: 0, keepdim: true) + Dimensions / 2.0 * Math.Log(2 * Math.PI * Math.E));
    }

    /// <inheritdoc/>
    public override bool IsLocationScale => true;

    /// <summary>mu, (D).</summary>
    internal Tensor Mean => mean ?? GetConstant(nameof(mean)).to(Dtype);

    /// <summary>L, (D, D).</summary>
    internal Tensor Scale => (lower ?? GetConstant(nameof(lower)).to(Dtype)).tril(-1) + LogDiagonal.exp().diag();

    private Tensor LogDiagonal => logDiagonal?.clamp(-80, 80) ?? GetConstant(nameof(logDiagonal)).to(Dtype);

    /// <inheritdoc/>
    protected internal override Tensor Center(long rows, Tensor? context) => Mean.unsqueeze(0);

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NothingAtInfinity(x, x =>
    {
        var e = linalg.solve_triangular(Scale, (x - Mean).transpose(0, 1), upper: false);    // (D, B)
        return e.square().sum(dim: 0) * -0.5 - LogDiagonal.sum() - Dimensions / 2.0 * Math.Log(2 * Math.PI);
    });

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) =>
        Mean + randn(BatchOf(count), dtype: Dtype, device: Device).matmul(Scale.transpose(0, 1));

    private static long Features(Tensor mean, Tensor covariance)
    {
        Guard.Number(mean);
        Guard.Number(covariance);
        if (mean.Dimensions != 1 || mean.size(0) == 0) throw new ArgumentException($"mean has shape {Guard.Describe(mean)}; expected (D,).", nameof(mean));
        Guard.Finite(mean);
        long features = mean.size(0);
        return covariance.Dimensions == 2 && covariance.size(0) == features && covariance.size(1) == features
            ? features
            : throw new ArgumentException($"covariance has shape {Guard.Describe(covariance)}; expected ({features}, {features}), as mean has {features} features.", nameof(covariance));
    }
}
