using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>A family of laws of two numbers in (0, 1), each of them uniform: what joins two margins, without the margins (Sklar 1959). Stateless: the caller or a network supplies the parameters.</summary>
/// <remarks>
/// <para>Shapes: u, v and every parameter are (B), or what broadcasts to it; so is what comes back. Everything is computed and returned in float64, and differentiable in u, v and the parameters.</para>
/// <para>Parameters are the field's usual ones (Joe 2014, Dependence Modeling with Copulas), moved into the range that <see cref="Parameters"/> states where they leave it: at an end of a range stands the limit, as
/// independence for Clayton's theta = 0. u and v are moved into [1e-300, 1 - 1.1e-16]; NaN stays NaN.</para>
/// <para>All members are exchangeable, C(u, v) = C(v, u), and those with an asymmetry of their tails have positive dependence; <see cref="PairCopula"/> rotates them.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// // Two defaults that come together more often than two survivals: half of all that is known about v is known in the lower tail.
/// PairFamily family = new Clayton();
/// var (u, v, theta) = (tensor(new[] { 0.01 }), tensor(new[] { 0.01 }), tensor(2.0));
/// Console.WriteLine(family.LogDensity(u, v, theta).npstr());          // => [3.971]
/// Console.WriteLine(family.Cdf(u, v, theta).npstr());                 // => [0.0070712]
/// Console.WriteLine(family.Given(u, v, theta).npstr());               // => [0.35358]
/// Console.WriteLine($"{family.Tau(2):F3} {family.TailDependence(2).Lower:F4}");     // => 0.500 0.7071
/// </code></example>
public abstract record PairFamily
{
    private const double Least = 1e-300, Most = 1 - 1.1e-16;
    private const double LowestLogit = -690, HighestLogit = 36.7;       // of Least and Most

    /// <summary>Its parameters in order, each with its range.</summary>
    public abstract IReadOnlyList<PairParameter> Parameters { get; }

    /// <summary>ln c(u, v), nats.</summary>
    /// <param name="u">In (0, 1).</param>
    /// <param name="v">In (0, 1).</param>
    /// <param name="theta">One tensor for each of <see cref="Parameters"/>.</param>
    /// <exception cref="ArgumentException">The number of parameters is wrong, or a tensor does not hold real numbers.</exception>
    public Tensor LogDensity(Tensor u, Tensor v, params Tensor[] theta) => Run(u, v, theta, LogDensityCore);

    /// <summary>C(u, v) = P(U &lt;= u, V &lt;= v).</summary>
    /// <inheritdoc cref="LogDensity"/>
    public Tensor Cdf(Tensor u, Tensor v, params Tensor[] theta) => Run(u, v, theta, CdfCore);

    /// <summary>The h-function, h(u | v) = P(U &lt;= u | V = v), the derivative of C by v.</summary>
    /// <inheritdoc cref="LogDensity"/>
    public Tensor Given(Tensor u, Tensor v, params Tensor[] theta) => Run(u, v, theta, (u, v, theta) => LogGivenCore(u, v, theta).clamp_max(0).exp());

    /// <summary>The inverse of <see cref="Given"/>: the u with h(u | v) = p.</summary>
    /// <param name="p">In (0, 1).</param>
    /// <param name="v">In (0, 1).</param>
    /// <param name="theta">One tensor for each of <see cref="Parameters"/>.</param>
    public Tensor InverseGiven(Tensor p, Tensor v, params Tensor[] theta) => Run(p, v, theta, (p, v, theta) => InverseGivenCore(p, v, theta).clamp(Least, Most));

    /// <summary>Kendall's tau, in [-1, 1]: the probability that two draws are ordered alike, less that of the opposite.</summary>
    /// <param name="theta">The parameters.</param>
    public double Tau(params double[] theta) => TauCore(Clamped(theta));

    /// <summary>Tail dependence: the limits of P(U &lt;= q | V &lt;= q) for q to 0, and of P(U > q | V > q) for q to 1.</summary>
    /// <param name="theta">The parameters.</param>
    public (double Lower, double Upper) TailDependence(params double[] theta) => TailDependenceCore(Clamped(theta));

    /// <summary>The parameter at which Kendall's tau is this one, or the nearest that the family reaches; of a family with one parameter.</summary>
    /// <param name="tau">In (-1, 1).</param>
    /// <exception cref="NotSupportedException">The family has none, or more than one, so that tau does not say which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">tau is not in (-1, 1).</exception>
    public double FromTau(double tau)
    {
        if (!(tau > -1 && tau < 1)) throw new ArgumentOutOfRangeException(nameof(tau), tau, "Expected Kendall's tau in (-1, 1).");
        if (Parameters is not [var only]) throw new NotSupportedException($"{GetType().Name} has {Parameters.Count} parameters; expected a family with one.");
        var (low, high) = (only.Low, only.High);
        if (tau <= Tau(low)) return low;
        if (tau >= Tau(high)) return high;

        for (int step = 0; step < 200 && high - low > 1e-14 * Math.Max(Math.Abs(low), Math.Abs(high)); step++)
        {
            double middle = (low + high) / 2;
            if (Tau(middle) < tau) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>ln c(u, v) and, where wanted, h(u | v) and h(v | u), with what they share computed one time.</summary>
    internal (Tensor LogDensity, Tensor? First, Tensor? Second) Joint(Tensor u, Tensor v, Tensor[] theta, bool first, bool second)
    {
        Tensor? h = null, g = null;
        using var scope = NewDisposeScope();
        var logDensity = Run(u, v, theta, (u, v, theta) =>
        {
            var (log, logH, logG) = JointCore(u, v, theta, first, second);
            (h, g) = (logH?.clamp_max(0).exp().MoveToOuterDisposeScope(), logG?.clamp_max(0).exp().MoveToOuterDisposeScope());
            return log;
        });
        foreach (var one in new[] { logDensity, h, g })
            if (one is not null) scope.MoveToOuter(one);
        return (logDensity, h, g);
    }

    /// <summary>ln c(u, v), ln h(u | v) and ln h(v | u).</summary>
    private protected virtual (Tensor LogDensity, Tensor? LogFirst, Tensor? LogSecond) JointCore(Tensor u, Tensor v, Tensor[] theta, bool first, bool second) =>
        (LogDensityCore(u, v, theta), first ? LogGivenCore(u, v, theta) : null, second ? LogGivenCore(v, u, theta) : null);

    private protected abstract Tensor LogDensityCore(Tensor u, Tensor v, Tensor[] theta);

    private protected abstract Tensor CdfCore(Tensor u, Tensor v, Tensor[] theta);

    /// <summary>ln h(u | v).</summary>
    private protected abstract Tensor LogGivenCore(Tensor u, Tensor v, Tensor[] theta);

    /// <summary>The u with h(u | v) = p; here by Newton's steps and bisection, in logits.</summary>
    private protected virtual Tensor InverseGivenCore(Tensor p, Tensor v, Tensor[] theta)
    {
        var logit = p.log() - p.neg().log1p();
        return QuantileSolver.Solve(Law, logit, full_like(logit, LowestLogit), full_like(logit, HighestLogit), logit.detach().clamp(LowestLogit, HighestLogit)).sigmoid();

        (Tensor, Tensor, Tensor) Law(Tensor w)
        {
            var u = w.sigmoid().clamp(Least, Most);
            var below = LogGivenCore(u, v, theta).clamp_max(0);
            return (below, SpecialFunctions.Log1mExp(below), LogDensityCore(u, v, theta) + u.log() + u.neg().log1p());
        }
    }

    private protected abstract double TauCore(double[] theta);

    private protected abstract (double Lower, double Upper) TailDependenceCore(double[] theta);

    private double[] Clamped(double[] theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        if (theta.Length != Parameters.Count) throw Count(theta.Length);
        return [.. theta.Zip(Parameters, (value, parameter) => double.IsNaN(value) ? throw new ArgumentException($"{parameter.Name} is NaN.", nameof(theta)) : Math.Clamp(value, parameter.Low, parameter.High))];
    }

    private ArgumentException Count(int count) =>
        new($"{GetType().Name} has {Parameters.Count} parameters ({string.Join(", ", Parameters.Select(parameter => parameter.Name))}); got {count}.", "theta");

    private Tensor Run(Tensor u, Tensor v, Tensor[] theta, Func<Tensor, Tensor, Tensor[], Tensor> f)
    {
        Guard.Alive(u);
        Guard.Alive(v);
        Guard.Real(u);
        Guard.Real(v);
        Guard.NoneNull(theta, nameof(theta));
        if (theta.Length != Parameters.Count) throw Count(theta.Length);
        foreach (var one in theta) Guard.Real(one, nameof(theta));

        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        var parameters = theta.Zip(Parameters, (value, parameter) => value.to(float64).clamp(parameter.Low, parameter.High));
        Tensor[] all;
        try
        {
            all = [.. broadcast_tensors([u.to(float64), v.to(float64), .. parameters])];
        }
        catch (System.Runtime.InteropServices.ExternalException)
        {
            throw new ArgumentException($"u has shape {Guard.Describe(u)}, v {Guard.Describe(v)} and the parameters {string.Join(", ", theta.Select(one => Guard.Describe(one)))}; expected (B) or what broadcasts to it.", nameof(u));
        }
        if (all[0].Dimensions == 0) throw new ArgumentException("u, v and the parameters are single numbers; expected a batch, (B), among them.", nameof(u));
        return scope.MoveToOuter(f(all[0].clamp(Least, Most), all[1].clamp(Least, Most), all[2..]));
    }
}
