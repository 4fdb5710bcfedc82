using FlowKit.Conditioners;

namespace FlowKit.Transforms;

/// <summary>The flow of a differential equation, dz/dt = F(z, t; c) from t = 0, x, to t = T, z: infinitely many infinitesimal layers.</summary>
/// <remarks>
/// <para>log|det dz/dx| is the integral of tr dF/dz along the path, so that d log q/dt = -tr dF/dz at a moving point: Rezende, Mohamed 2015, arXiv:1505.05770, section 3.2, the equation of Fokker and Planck
/// without its diffusion; Chen et al. 2018, arXiv:1806.07366, theorem 1. The trace is exact, by D backward passes: for a few dimensions.</para>
/// <para>Both are integrated by the classical Runge-Kutta rule of order four with steps of equal length h = T / steps. Forward, inverse and log-determinant are those of the flow to O(h⁴), and Inverse undoes
/// Forward to that order: more steps make the error smaller, by 16 for twice as many.</para>
/// <para>Direction: Forward carries data to latent. A flow from base to sample, as the paper's, uses <c>ode.Inverted</c>. F is to be smooth: a network needs tanh or SiLU. A network whose last layer starts at zero
/// starts at the identity.</para>
/// <para>Shapes: x and z are (B, D).</para>
/// </remarks>
/// <example><code>
/// // dz/dt = -z shrinks the plane by e^-t in each direction: log|det| = -2 T.
/// var shrink = OdeFlow.Along(features: 2, (z, t) => -z, time: 0.5);
/// var (z, logDet) = shrink.Forward(ones(1, 2));
/// Console.WriteLine($"{z[0, 0].ToDouble():F6} {Math.Exp(-0.5):F6} {logDet.ToDouble():F6}");  // => 0.606531 0.606531 -1.000000
///
/// // A learned one: a network reads z and t.
/// manual_seed(0);
/// var flow = new Flow(new OdeFlow(2, (inputs, outputs) => new Mlp(inputs, outputs, [16], activation: Activation.Tanh), steps: 4), new StandardNormal(2));
/// Trainer.Fit(flow, new Banana().Sample(500), options: new() { Steps = 30, LearningRate = 1e-2 });
/// Console.WriteLine(flow.Sample(10));  // => [10x2], type = Float32, device = cpu
/// </code></example>
public sealed class OdeFlow : Transform
{
    private readonly Conditioner? network;
    private readonly Func<Tensor, double, Tensor>? field;
    private readonly long features;
    private readonly double time;
    private readonly int steps;

    /// <summary>The flow of a learned field: a network reads z and t, and the context, and gives F.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="network">Makes the network from (inputs, outputs) = (D + 1, D); it is to be smooth.</param>
    /// <param name="time">T, finite and > 0.</param>
    /// <param name="steps">Steps of the Runge-Kutta rule, >= 1.</param>
    /// <exception cref="ArgumentException">The network has other sizes.</exception>
    public OdeFlow(long features, Func<long, long, Conditioner> network, double time = 1, int steps = 20) : this(features, time, steps)
    {
        this.network = Conditioner.Make(network, features + 1, features);
        RegisterComponents();
    }

    private OdeFlow(long features, Func<Tensor, double, Tensor> field, double time, int steps) : this(features, time, steps)
    {
        this.field = field;
        RegisterComponents();
    }

    private OdeFlow(long features, double time, int steps) : base(nameof(OdeFlow))
    {
        Guard.Size(features, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (!(time > 0) || !double.IsFinite(time)) throw new ArgumentOutOfRangeException(nameof(time), time, "Expected a finite number > 0.");
        (this.features, this.time, this.steps) = (features, time, steps);
    }

    /// <summary>The flow of a given field.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="field">F(z, t): (B, D) and a time to (B, D), of differentiable operations; rows must not depend on each other.</param>
    /// <param name="time">T, finite and > 0.</param>
    /// <param name="steps">Steps of the Runge-Kutta rule, >= 1.</param>
    public static OdeFlow Along(long features, Func<Tensor, double, Tensor> field, double time = 1, int steps = 20)
    {
        ArgumentNullException.ThrowIfNull(field);
        return new(features, field, time, steps);
    }

    /// <inheritdoc/>
    public override Shape? ContextShape => network?.ContextShape;

    /// <inheritdoc/>
    public override Shape DataShape => [features];

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => Integrate(x, context, from: 0, to: time);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => Integrate(z, context, from: time, to: 0);

    private (Tensor, Tensor) Integrate(Tensor z, Tensor? context, double from, double to)
    {
        double h = (to - from) / steps;
        var logDet = zeros([z.size(0)], dtype: z.dtype, device: z.device);
        for (int step = 0; step < steps; step++)
        {
            double t = from + step * h;
            var (v1, trace1) = Evaluate(z, t, context);
            var (v2, trace2) = Evaluate(z + v1 * (h / 2), t + h / 2, context);
            var (v3, trace3) = Evaluate(z + v2 * (h / 2), t + h / 2, context);
            var (v4, trace4) = Evaluate(z + v3 * h, t + h, context);
            z = z + (v1 + (v2 + v3) * 2 + v4) * (h / 6);
            logDet = logDet + (trace1 + (trace2 + trace3) * 2 + trace4) * (h / 6);
        }
        return (z, logDet);
    }

    // F and tr dF/dz, (B, D) and (B).
    private (Tensor, Tensor) Evaluate(Tensor z, double t, Tensor? context)
    {
        bool goesOn = is_grad_enabled();                                      // the caller may differentiate what comes out
        using var enabled = enable_grad();
        var at = goesOn && z.requires_grad ? z : z.detach().requires_grad_();
        var v = Velocity(at, t, context);
        var trace = zeros([z.size(0)], dtype: z.dtype, device: z.device);
        if (v.requires_grad)                                                  // if not, F depends on neither z nor a parameter
            for (long i = 0; i < features; i++)
            {
                var row = autograd.grad([v.select(1, i).sum()], [at], retain_graph: true, create_graph: goesOn, allow_unused: true)[0];
                if (!row.IsInvalid) trace = trace + row.select(1, i);
            }
        return goesOn ? (v, trace) : (v.detach(), trace.detach());
    }

    private Tensor Velocity(Tensor z, double t, Tensor? context)
    {
        if (network is not null) return network.Forward(cat([z, full([z.size(0), 1], t, dtype: z.dtype, device: z.device)], dim: 1), context);
        var v = Guard.Made(field!(z, t), nameof(field));
        return v.shape.SequenceEqual(z.shape) ? v : throw new ArgumentException($"field gave shape {Guard.Describe(v)} for z of shape {Guard.Describe(z)}; expected the same.", nameof(field));
    }
}
