using FlowKit.Inference;
using FlowKit.Training;

namespace FlowKit.Models;

/// <summary>The losses of an <see cref="Inn"/>, of both directions: L_y, L_z and L_x, and those of its padding, weighted and summed.</summary>
/// <remarks>
/// <para>L_y = mean of |f_y(x) - y|². L_z = MMD²([f_y(x), f_z(x)], [y, z]) with z ~ N(0, I): that z has its law and is independent of y; no gradient passes through f_y, so that it does not work against L_y.
/// L_x = MMD²(g(y, z), x): that draws given the data's own y have the prior's law. Where L_y = L_z = 0, draws are the posterior's; L_x speeds up the way there (Ardizzone et al. 2019, arXiv:1808.04730, section 3.3).</para>
/// <para>MMD² is unbiased, of inverse multiquadratics of several widths (<see cref="Mmd"/>): bring x and y to unit scale first. Beside them, y with the z of x is to lead back to x.
/// With padding, both passes pad with noise and expect zeros in the padding of the other side.</para>
/// </remarks>
/// <param name="Y">Weight of L_y, >= 0.</param>
/// <param name="Z">Weight of L_z, >= 0.</param>
/// <param name="X">Weight of L_x, >= 0.</param>
/// <example><code>
/// // A weight of 0 leaves a loss out, as the paper's ablation does.
/// manual_seed(0);
/// var inn = new Inn(features: 3, observed: 1, blocks: 2, hidden: [16]);
/// var x = randn(500, 3);
/// var data = new Dataset(x, x.narrow(1, 0, 1) + x.narrow(1, 1, 1));
/// var history = Trainer.Fit(inn, data, new InnLosses(X: 0).Of(inn), options: new() { Steps = 100, BatchSize = 100, Threads = 1 });
/// Console.WriteLine(history.Train[^1].Loss &lt; history.Train[0].Loss);  // => True
/// </code></example>
public sealed record InnLosses(double Y = 1, double Z = 1, double X = 1)
{
    /// <summary>Weight of L_y, >= 0.</summary>
    public double Y { get; init => field = NotNegative(value, nameof(Y)); } = NotNegative(Y, nameof(Y));

    /// <summary>Weight of L_z, >= 0.</summary>
    public double Z { get; init => field = NotNegative(value, nameof(Z)); } = NotNegative(Z, nameof(Z));

    /// <summary>Weight of L_x, >= 0.</summary>
    public double X { get; init => field = NotNegative(value, nameof(X)); } = NotNegative(X, nameof(X));

    /// <summary>The share of the training over which the weight of L_x rises from 0, in [0, 1]: at first f is wrong, and its inverse more so.</summary>
    public double Ramp { get; init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Ramp), value, "Expected a share in [0, 1]."); } = 0.3;

    /// <summary>Weight of |g(y, f_z(x)) - x|², >= 0: f_y(x) is near y but is not y, and where the inverse stretches the difference, draws fly off. The authors' programs have this loss; the paper does not name it.</summary>
    public double Reconstruction { get; init => field = NotNegative(value, nameof(Reconstruction)); } = 1;

    /// <summary>Weight of the squares in the output's padding, >= 0.</summary>
    public double Padding { get; init => field = NotNegative(value, nameof(Padding)); } = 1;

    /// <summary>The standard deviation of the noise in the padding, >= 0.</summary>
    public double PaddingNoise { get; init => field = NotNegative(value, nameof(PaddingNoise)); } = 1e-2;

    /// <summary>Widths of the kernels; null for those of <see cref="Mmd"/>.</summary>
    public IReadOnlyList<double>? Widths { get; init; }

    /// <summary>The weighted sum for a network, as <c>Trainer.Fit</c> takes it: of a batch of x with y as its context, at a share of the training.</summary>
    public Func<Dataset, double, Tensor> Of(Inn inn)
    {
        ArgumentNullException.ThrowIfNull(inn);
        return (batch, progress) => Sum(inn, batch.X, batch.Context ?? throw new ArgumentException("The data has no context; expected y as the context of x.", nameof(batch)), progress);
    }

    /// <summary>L_y, a scalar: the mean over the batch of |f_y(x) - y|².</summary>
    /// <param name="predicted">f_y(x), (B, M).</param>
    /// <param name="y">(B, M).</param>
    public static Tensor OfY(Tensor predicted, Tensor y)
    {
        Guard.Number(predicted);
        Guard.Number(y);
        if (!predicted.shape.SequenceEqual(y.shape)) throw new ArgumentException($"predicted has shape {Guard.Describe(predicted)} and y {Guard.Describe(y)}; expected the same.", nameof(predicted));
        using var scope = NewDisposeScope();
        return scope.MoveToOuter((predicted - y).square().flatten(1).sum(1).mean());
    }

    /// <summary>L_z, a scalar: the unbiased MMD² between [f_y(x), f_z(x)] and [y, z], z drawn from N(0, I). Its gradient with respect to f_y(x) is 0.</summary>
    /// <param name="predicted">f_y(x), (B, M), B >= 2.</param>
    /// <param name="latent">f_z(x), (B, K).</param>
    /// <param name="y">(B, M).</param>
    public Tensor OfZ(Tensor predicted, Tensor latent, Tensor y)
    {
        Guard.Number(latent);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Mmd.Unbiased(cat([predicted.detach(), latent], 1), cat([y, randn_like(latent)], 1), Widths, isPaired: true));
    }

    private Tensor Sum(Inn inn, Tensor x, Tensor y, double progress)
    {
        bool isPadded = inn.Width > inn.Dimensions;
        var output = inn.Transform.Forward(isPadded ? Noisy(x, inn.Width) : x).Z;
        var (predicted, latent) = (output.narrow(1, 0, inn.Observed), output.narrow(1, inn.Observed, inn.Latents));
        var sum = Y * OfY(predicted, y);
        if (Z > 0) sum = sum + Z * OfZ(predicted, latent, y);
        long used = inn.Observed + inn.Latents;
        if (used < inn.Width) sum = sum + Padding * output.narrow(1, used, inn.Width - used).square().sum(1).mean();
        if (Reconstruction > 0)
        {
            var back = inn.Transform.Inverse(Noisy(cat([y, latent.detach()], 1), inn.Width)).X;
            sum = sum + Reconstruction * (back - Inn.Pad(x, inn.Width)).square().sum(1).mean();
        }
        double weight = X * (Ramp > 0 ? Math.Min(1, progress / Ramp) : 1);
        return weight > 0 ? sum + weight * Mmd.Unbiased(inn.Join(y, randn_like(latent)), x, Widths, isPaired: true) : sum;
    }

    private Tensor Noisy(Tensor x, long width) => x.size(1) == width ? x : cat([x, PaddingNoise * randn([x.size(0), width - x.size(1)], dtype: x.dtype, device: x.device)], 1);

    private static double NotNegative(double value, string name) => value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite number >= 0.");
}
