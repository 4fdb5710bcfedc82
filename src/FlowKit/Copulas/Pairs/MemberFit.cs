namespace FlowKit.Copulas;

/// <summary>A family, turned, on its way to data: where the fit starts, and the likelihood in coordinates of size 1 whose ends are the limits of the family.</summary>
internal sealed class MemberFit
{
    private const double Nearly1 = 1 - 1e-12;
    private const int Some = 1000;

    private readonly PairFamily family;
    private readonly int rotation;
    private readonly (Tensor U, Tensor V) all, some;      // the data as the family sees them, and some thousand of them
    private readonly double tau;

    public MemberFit(PairFamily family, int rotation, PairData data)
    {
        (this.family, this.rotation) = (family, rotation);
        all = data.Turned(rotation);
        some = data.Count > 2 * Some ? (Thin(all.U), Thin(all.V)) : all;
        tau = Math.Clamp(rotation is 90 or 270 ? -data.Tau : data.Tau, -Nearly1, Nearly1);
        Start = Starts().MaxBy(theta => LogLikelihood(theta, some))!;
        if (family is BB1 or BB7) Start = Climb(Start, theta => theta, family.Parameters, some);
        Likelihood = LogLikelihood(Start, all);
    }

    /// <summary>Where the fit starts: the inverted tau, with guesses for a second parameter; for BB1 and BB7 the fit to some of the data.</summary>
    public double[] Start { get; }

    /// <summary>The log-likelihood there.</summary>
    public double Likelihood { get; }

    /// <summary>The fitted member.</summary>
    public PairCopula Fit(PairFitMethod method) => Member(family.Parameters.Count == 0 ? [] : (method, family) switch
    {
        (PairFitMethod.TauInversion, StudentCopula) => [Start[0], Climb([Start[1]], theta => [Start[0], theta[0]], family.Parameters.Skip(1), all)[0]],
        (PairFitMethod.TauInversion, not (BB1 or BB7)) => Start,
        _ => Climb(Start, theta => theta, family.Parameters, all),
    });

    private IEnumerable<double[]> Starts()
    {
        double level = Math.Max(tau, 0.01);
        return family switch
        {
            Independence => [[]],
            StudentCopula => new[] { 3.0, 8, 30 }.Select(nu => new[] { Math.Sin(Math.PI / 2 * tau), nu }),
            // tau = 1 - 2 / (delta (theta + 2)), of which delta takes a share.
            BB1 => new[] { 0.15, 0.5, 0.85 }.Select(share => Math.Pow(1 - level, -share)).Select(delta => new[] { 2 / (delta * (1 - level)) - 2, delta }),
            BB7 => new[] { 0.15, 0.5, 0.85 }.Select(share => new[] { new Joe().FromTau(share * level), new Clayton().FromTau((1 - share) * level) }),
            _ => [[family.FromTau(tau)]],
        };
    }

    private PairCopula Member(double[] theta) => new(family, Within(theta)) { Rotation = rotation };

    private double LogLikelihood(double[] theta, (Tensor U, Tensor V) data)
    {
        using var scope = NewDisposeScope();
        return family.LogDensity(data.U, data.V, [.. Within(theta).Select(value => tensor(value, dtype: float64, device: CPU))]).sum().ToDouble();
    }

    private double[] Climb(double[] start, Func<double[], double[]> whole, IEnumerable<PairParameter> parameters, (Tensor U, Tensor V) data)
    {
        PairParameter[] free = [.. parameters];
        double[] Coordinates(IEnumerable<double> theta) => [.. theta.Zip(free, (value, parameter) => Coordinate(Math.Clamp(value, parameter.Low, parameter.High), parameter))];
        double[] Theta(double[] x) => [.. x.Zip(free, Value)];

        var (one, other) = (Coordinates(free.Select(parameter => parameter.Low)), Coordinates(free.Select(parameter => parameter.High)));
        return Theta(BoxNewton.Maximize(x => LogLikelihood(whole(Theta(x)), data), Coordinates(start), [.. one.Zip(other, Math.Min)], [.. one.Zip(other, Math.Max)]).X);
    }

    private static Tensor Thin(Tensor x) => x.slice(0, 0, x.size(0), x.size(0) / Some).contiguous();

    private double[] Within(double[] theta) => [.. theta.Zip(family.Parameters, (value, parameter) => Math.Clamp(value, parameter.Low, parameter.High))];

    // At a finite end of each range the likelihood has a finite slope in these, so that the limit can be the maximum.
    private static double Coordinate(double value, PairParameter parameter) => parameter.Name switch
    {
        "rho" => Math.Atanh(value),
        "nu" => 1 / (1 + value),
        _ => Math.Log(1 + value - parameter.Low),
    };

    private static double Value(double x, PairParameter parameter) => parameter.Name switch
    {
        "rho" => Math.Tanh(x),
        "nu" => 1 / x - 1,
        _ => Math.Exp(x) - 1 + parameter.Low,
    };
}
