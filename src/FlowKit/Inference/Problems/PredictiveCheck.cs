using System.Globalization;

namespace FlowKit.Inference;

/// <summary>Observations simulated from draws of a posterior, beside what was observed. See <see cref="Posterior.PredictiveCheck"/>.</summary>
/// <remarks>Gelman, Meng, Stern 1996, Posterior predictive assessment of model fitness, Statistica Sinica 6. y* was used twice, so that p-values lean to the middle: a small one speaks against the model or the posterior, a large one proves little.</remarks>
/// <example><code>
/// // The simulator has no explanation for two numbers that differ.
/// var problem = InverseProblem.FromSimulator(new StandardNormal(2), (x, random) => [x[0] + 0.1 * random.NextNormal(), x[0] + 0.1 * random.NextNormal()]);
/// var estimator = problem.Fit(problem.Simulate(2000), options: new() { Steps = 400, LearningRate = 5e-3 });
/// PredictiveCheck check = estimator.Posterior([0.5, 0.5]).PredictiveCheck();
/// Console.WriteLine($"{check.PValue > 0.01} {check.Replicates.shape[0]}");  // => True 200
/// </code></example>
public sealed class PredictiveCheck
{
    internal PredictiveCheck(Simulations again, IReadOnlyList<double> observation)
    {
        (Replicates, Failed) = (again.Observations, again.Failures.Count);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var y = Replicates;
        var own = tensor([.. observation], [1, observation.Count], dtype: float64, device: CPU);
        long n = y.size(0), half = n / 2;
        var (above, below) = (y.ge(own).sum(dim: 0), y.le(own).sum(dim: 0));
        PValues = [.. (((minimum(above, below) + 1).to(float64) * 2) / (n + 1)).clamp_max(1).data<double>().ToArray()];

        // The first half says what is usual, the second is compared: with a perfect posterior y* is as likely to have any rank among them.
        var usual = y.narrow(0, 0, half);
        var deviation = usual.std(dim: 0, unbiased: true);
        deviation = deviation.masked_fill(StandardizedContext.IsConstant(usual), 1);
        Tensor Distance(Tensor some) => ((some - usual.mean([0])) / deviation).square().sum(1);
        PValue = (1 + Distance(y.narrow(0, half, n - half)).ge(Distance(own)).sum().ToInt64()) / (n - half + 1.0);
        RootMeanSquare = Resimulation.RootMeanSquare(again.Parameters.unsqueeze(0), own, _ => y).Mean;
    }

    /// <summary>Simulated observations, (n, M), float64; failed ones are left out.</summary>
    public Tensor Replicates { get; }

    /// <summary>How many draws could not be simulated.</summary>
    public int Failed { get; }

    /// <summary>For each number of y*, twice the share of replicates on its rarer side, in (0, 1]. Of M of them the smallest is easily 1 / M.</summary>
    public IReadOnlyList<double> PValues { get; }

    /// <summary>The share of replicates at least as far from their mean as y*, each number in its standard deviations.</summary>
    public double PValue { get; }

    /// <summary>The root of the mean of (replicate - y*)², over draws and numbers, in the units of y; of an exact posterior it is that of the noise and of what y leaves open.</summary>
    public double RootMeanSquare { get; }

    /// <summary>The p-value and the error.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"p = {PValue:G3}, root mean square error {RootMeanSquare:G4}, {Replicates.size(0)} simulations{(Failed > 0 ? $", {Failed} failed" : "")}");
}
