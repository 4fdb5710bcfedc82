using FlowKit.Distributions;

namespace FlowKit.Outside.Tests;

/// <summary>A family of one's own: the Laplace law, ln p(x) = -|x - mu| / b - ln(2 b), theta = (mu, ln b).</summary>
public sealed record Laplace : Family
{
    public override int ParameterCount => 2;

    public override bool IsReparameterized => true;

    public Factorized Fixed(Tensor location, Tensor scale) => base.Fixed(Real(location), Log(scale));

    public override Tensor LogProb(Tensor x, Tensor theta) => -(x - At(theta, 0)).abs() * (-LogAt(theta, 1)).exp() - LogAt(theta, 1) - Math.Log(2);

    public override Tensor Sample(Tensor theta)
    {
        var u = rand_like(At(theta, 0).detach()) - 0.5;
        return At(theta, 0) - LogAt(theta, 1).exp() * u.sign() * (1 - 2 * u.abs()).clamp_min(1e-300).log();
    }

    public override Tensor Entropy(Tensor theta) => LogAt(theta, 1) + 1 + Math.Log(2);
}
