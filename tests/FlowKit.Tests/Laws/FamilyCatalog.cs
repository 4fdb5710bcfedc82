using FlowKit.Distributions;

namespace FlowKit.Tests.Laws;

/// <summary>Every family with a distribution function. A new one is one line here, and all laws hold for it; its exact values go to <see cref="FamilyOracle"/>.</summary>
public static class FamilyCatalog
{
    private static readonly FamilyCase[] Cases =
    [
        new("normal", new Normal(), 0, 0),
        new("normal, shifted", new Normal(), 1, 0.7),
        new("normal, scale at least 0.3", new Normal { ScaleFloor = 0.3 }, 1, -2),
        new("Laplace", new Laplace(), 0, 0) { Corner = 0 },
        new("Laplace, shifted", new Laplace(), 2, -0.7) { Corner = 2 },
        new("logistic", new Logistic(), 0, 0),
        new("logistic, shifted", new Logistic(), -2, -0.7),
        new("skew logistic", new SkewLogistic(), 0, 0, 0),
        new("skew logistic, to the right", new SkewLogistic(), 0.3, -0.5, 1.2),
        new("skew logistic, to the left", new SkewLogistic(), 1, 0.5, -1.6),
        new("sinh-arcsinh", new SinhArcsinh(), 0, 0, 0, 0),
        new("sinh-arcsinh, to the right", new SinhArcsinh(), 0.3, -0.5, 0.8, 0.3),
        new("sinh-arcsinh, heavy, to the left", new SinhArcsinh(), 1, 0.2, -0.4, -0.6),
        new("Cauchy", new StudentT(), 0, 0, 0),
        new("Student t, nu = 5", new StudentT(), 1, 0.5, 1.6),
        new("Student t, heavy", new StudentT(), 0, 0, -3),
        new("Student t, almost normal", new StudentT(), 0, 0, 20.7),
        new("generalized Pareto", new GeneralizedPareto(), 0.5, 0.7) { Ends = (0, double.PositiveInfinity) },
        new("generalized Pareto, exponential", new GeneralizedPareto(), 0, 0) { Ends = (0, double.PositiveInfinity) },
        new("generalized Pareto, almost exponential", new GeneralizedPareto(), -1e-9, 1) { Ends = (0, 1e9 * Math.E) },
        new("generalized Pareto, bounded", new GeneralizedPareto(), -0.4, 0.3) { Ends = (0, Math.Exp(0.3) / 0.4) },
        new("Beta", new Beta(), 1.4, 1.1) { Ends = (0, 1) },
        new("Beta, uniform", new Beta(), 0, 0) { Ends = (0, 1) },
        new("Beta, U-shaped", new Beta(), -0.7, -1.2) { Ends = (0, 1) },
        new("Beta, at both ends", new Beta(), -6.5, -6) { Ends = (0, 1), IsCoarse = true },
        new("Beta, lopsided", new Beta(), 7, -4.6) { Ends = (0, 1), IsCoarse = true, Rounding = 1e-3 },
        new("Beta, narrow", new Beta(), 6.2, 6.5) { Ends = (0, 1) },
        new("Beta, very narrow", new Beta(), 20, 21) { Ends = (0, 1), Rounding = 1e-6, Step = 1e-7 },
        new("von Mises", new VonMises(), 4, 1.1) { Ends = (0, 2 * Math.PI) },
        new("von Mises, across the cut", new VonMises(), 6.1, 2) { Ends = (0, 2 * Math.PI) },
        new("von Mises, almost uniform", new VonMises(), -1, -18) { Ends = (0, 2 * Math.PI) },
        new("von Mises, concentrated", new VonMises(), 3, 9.2) { Ends = (0, 2 * Math.PI) },
        new("von Mises, concentrated beside the cut", new VonMises(), 0.02, 9.2) { Ends = (0, 2 * Math.PI), Step = 1e-5 },
        new("mixture of normals", new MixtureFamily(new Normal(), 3), [0.3, -1, 2, 1.5, 0, -4, 0.4, -0.9, -2]),
        new("mixture of Laplaces", new MixtureFamily(new Laplace(), 2), [0.3, -1, 2.13, 1.57, 0.4, -0.9]),
        new("mixture of Students", new MixtureFamily(new StudentT(), 2), [-1, 1, 1.5, -1.5, 0.4, -0.9, 0.3, 2]),
        new("mixture of Betas", new MixtureFamily(new Beta(), 2), [-1, 1, 1.5, 0.5, 0.4, -0.9]) { Ends = (0, 1) },
        new("mixture of von Mises laws", new MixtureFamily(new VonMises(), 2), [0, 1, 1.5, 3.5, 3, 2]) { Ends = (0, 2 * Math.PI) },
        new("Bernoulli", new Bernoulli(), 0.8) { Support = (0, 1) },
        new("Bernoulli, almost certain", new Bernoulli(), -300) { Support = (0, 1) },
        new("Bernoulli, certain", new Bernoulli(), double.PositiveInfinity) { Support = (0, 1) },
        new("categorical", new Categorical(5), 0.3, -1, 0.2, 1.1, -0.4) { Support = (0, 4) },
        new("categorical, uneven", new Categorical(4), -400, 0, -40, -700) { Support = (0, 3) },
        new("categorical with impossible classes", new Categorical(4), double.NegativeInfinity, 0.5, double.NegativeInfinity, 0) { Support = (0, 3) },
        new("discretized logistic", new DiscretizedLogistic(), 0.3, 0.7) { Support = (-120, 120) },
        new("discretized logistic, narrow", new DiscretizedLogistic(), -7.4, -3) { Support = (-60, 40) },
        new("discretized logistic, 17 levels", new DiscretizedLogistic(17), 1.2, -1) { Support = (0, 16) },
        new("discretized logistic, 17 levels, location outside", new DiscretizedLogistic(17), -9, -2) { Support = (0, 16) },
        new("mixture of discretized logistics", new MixtureFamily(new DiscretizedLogistic(256), 3), [0.3, -1, 2, 1.5, 0, -0.4, -2, -3, -1]) { Support = (0, 255) },
        new("mixture of discretized logistics, unbounded", new MixtureFamily(new DiscretizedLogistic(), 2), [0.3, -1, 5, -9, -0.4, 1]) { Support = (-200, 200) },
    ];

    private static readonly Dictionary<string, FamilyCase> ByName = Cases.ToDictionary(one => one.Name);

    /// <summary>The names, for a theory.</summary>
    public static TheoryData<string> Names => [.. Cases.Select(one => one.Name)];

    /// <summary>The names of the families with a density.</summary>
    public static TheoryData<string> Continuous => [.. Cases.Where(one => !one.Family.IsDiscrete).Select(one => one.Name)];

    /// <summary>The names of the families of whole numbers.</summary>
    public static TheoryData<string> Discrete => [.. Cases.Where(one => one.Family.IsDiscrete).Select(one => one.Name)];

    /// <summary>The case of that name.</summary>
    public static FamilyCase Get(string name) => ByName[name];
}
