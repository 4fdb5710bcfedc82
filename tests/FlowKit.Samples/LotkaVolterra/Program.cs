// Prey and predators: dx/dt = a x - b x y, dy/dt = c x y - d y. Which rates a, b, c, d explain ten noisy counts of both?
// LotkaVolterra [simulations] [training steps]; killed at any moment, it goes on where it was.
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Interactive;
using TorchSharp;
using static TorchSharp.torch;

int count = args.Length > 0 ? int.Parse(args[0]) : 20_000, steps = args.Length > 1 ? int.Parse(args[1]) : PosteriorEstimator.Options.Steps;
var prior = new Uniform(low: tensor(new[] { 0.5, 0.02, 0.01, 0.5 }), high: tensor(new[] { 1.5, 0.1, 0.05, 1.5 }));
var problem = InverseProblem.FromSimulator(prior, Populations, "Lotka-Volterra", ["a", "b", "c", "d"]);
var simulations = problem.Simulate(count, new() { Cache = "lotka-volterra.simulations" });
Console.WriteLine(simulations);

var estimator = problem.Fit(simulations, options: PosteriorEstimator.Options with { Steps = steps, Checkpoint = new("lotka-volterra.safetensors") });
Console.WriteLine($"log q(x | y) of simulations held back: {-estimator.History.Validation.Min(point => point.Loss):F2} nats");
Console.WriteLine(estimator.Calibrate(problem.Simulate(500, new() { Seed = 1 })));

var posterior = estimator.Posterior(Populations([1, 0.05, 0.025, 1], new Random(7)));
var draws = posterior.Sample(2000);
Console.WriteLine($"posterior mean {draws.mean([0]).npstr("F3")}, sd {draws.std(dim: 0).npstr("F3")}, most probable {posterior.Map().X.npstr("F3")}");
Console.WriteLine($"simulated again: {posterior.PredictiveCheck()}");
File.WriteAllBytes("posterior.png", Figures.Pairs(draws, problem.ParameterNames).ToPng());

// Logarithms of both counts at t = 1, ..., 10, each with a noise of 10 %; Runge-Kutta steps of 0.05.
static double[] Populations(double[] rates, Random random)
{
    var (x, y, dt, counts) = (30.0, 10.0, 0.05, new List<double>());
    (double, double) Slope(double x, double y) => (rates[0] * x - rates[1] * x * y, rates[2] * x * y - rates[3] * y);
    for (int step = 1; step <= 200; step++)
    {
        var (k1, l1) = Slope(x, y);
        var (k2, l2) = Slope(x + dt / 2 * k1, y + dt / 2 * l1);
        var (k3, l3) = Slope(x + dt / 2 * k2, y + dt / 2 * l2);
        var (k4, l4) = Slope(x + dt * k3, y + dt * l3);
        (x, y) = (x + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4), y + dt / 6 * (l1 + 2 * l2 + 2 * l3 + l4));
        if (step % 20 == 0) counts.AddRange([Math.Log(x) + 0.1 * random.NextNormal(), Math.Log(y) + 0.1 * random.NextNormal()]);
    }
    return [.. counts];
}
