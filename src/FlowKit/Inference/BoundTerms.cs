namespace FlowKit.Inference;

/// <summary>What S draws z_s ~ q(z | x) tell of ln p(x) for each of B examples: every tensor is (S, B), in nats, but for the draws.</summary>
/// <param name="Z">The draws, (S, B, ...).</param>
/// <param name="LogLikelihood">ln p(x | z_s).</param>
/// <param name="LogPrior">ln p(z_s).</param>
/// <param name="LogPosterior">ln q(z_s | x).</param>
/// <example><code>
/// manual_seed(0);
/// var truth = new LinearGaussian(weights: tensor(new[,] { { 1f }, { 2f } }), noise: 0.5);
/// var vae = truth.WithPosterior(new Normal().Conditional(2, (inputs, outputs) => new Mlp(inputs, outputs, []), 1));
/// BoundTerms terms = vae.Terms(truth.Marginal.Sample(10), draws: 4);
/// Console.WriteLine(terms.LogWeights);             // => [4x10], type = Float32, device = cpu
/// Console.WriteLine(terms.Z.shape.Length);         // => 3
/// </code></example>
public sealed record BoundTerms(Tensor Z, Tensor LogLikelihood, Tensor LogPrior, Tensor LogPosterior)
{
    /// <summary>ln p(x, z_s).</summary>
    public Tensor LogJoint => LogLikelihood + LogPrior;

    /// <summary>ln p(x, z_s) - ln q(z_s | x): their mean over s is the evidence lower bound, their log-mean-exp the importance-weighted bound.</summary>
    public Tensor LogWeights => LogJoint - LogPosterior;
}
