namespace FlowKit.Inference;

/// <summary>How <see cref="Inpainting.Ascend"/> climbs. The defaults are the paper's.</summary>
/// <remarks>Step i = 0, 1, ... has the size α_i = Rate / (Delay + i); the gradient and standard normal noise are multiplied by it. Dinh, Krueger, Bengio 2015, arXiv:1410.8516, section 5.2.</remarks>
/// <example><code>
/// // Without noise, the ascent goes to the mode of what is hidden given what is seen.
/// var law = new MultivariateNormal(mean: tensor(new[] { 0.5, 0.5 }), covariance: tensor(new[,] { { 1.0, 0.8 }, { 0.8, 1 } }));
/// var x = tensor(new[,] { { 0.9f, 0f } });
/// var filled = Inpainting.Ascend(law, x, hidden: tensor(new[] { false, true }), new AscentOptions { Noise = 0 });
/// Console.WriteLine(filled.npstr("F3"));  // => [[0.900, 0.820]]
/// </code></example>
public sealed record AscentOptions
{
    /// <summary>Each coordinate's running mean gradient is divided by its running root mean square, as in Adam without its bias correction, with smaller steps 1 / (100 + i) and noise of standard deviation 0.1: a departure from the paper.</summary>
    /// <remarks>For densities that are far steeper in some pixels than in others, as where a pixel is almost always black: one step size is then too large for some and too small for the rest.</remarks>
    public static AscentOptions Preconditioned { get; } = new() { Precondition = true, Rate = 1, Noise = 0.1 };

    /// <summary>How many steps, >= 0.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>Numerator of the step size, > 0.</summary>
    public double Rate { get; init; } = 10;

    /// <summary>Denominator of the first step size, > 0.</summary>
    public double Delay { get; init; } = 100;

    /// <summary>Standard deviation of the noise that is added to the gradient, >= 0.</summary>
    public double Noise { get; init; } = 1;

    /// <summary>The least value of a hidden coordinate; -inf for no bound.</summary>
    public double Low { get; init; }

    /// <summary>The greatest value of a hidden coordinate, > Low; +inf for no bound.</summary>
    public double High { get; init; } = 1;

    /// <summary>Whether each gradient is averaged over steps and divided by its running root mean square.</summary>
    public bool Precondition { get; init; }

    /// <summary>With preconditioning: how much of the mean gradient each step keeps, 0 &lt;= Momentum &lt; 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>With preconditioning: how much of the mean square gradient each step keeps, 0 &lt;= SquareMomentum &lt; 1.</summary>
    public double SquareMomentum { get; init; } = 0.99;

    internal double StepSize(int i) => Rate / (Delay + i);

    internal void Check()
    {
        Require(Steps >= 0, Steps, nameof(Steps), ">= 0");
        Require(Rate > 0 && double.IsFinite(Rate), Rate, nameof(Rate), "finite and > 0");
        Require(Delay > 0 && double.IsFinite(Delay), Delay, nameof(Delay), "finite and > 0");
        Require(Noise >= 0 && double.IsFinite(Noise), Noise, nameof(Noise), "finite and >= 0");
        Require(!double.IsNaN(Low) && Low < double.PositiveInfinity, Low, nameof(Low), "a number below +inf");
        Require(High > Low, High, nameof(High), $"greater than {nameof(Low)}, which is {Low}");
        Require(Momentum is >= 0 and < 1, Momentum, nameof(Momentum), "in [0, 1)");
        Require(SquareMomentum is >= 0 and < 1, SquareMomentum, nameof(SquareMomentum), "in [0, 1)");

        static void Require(bool holds, object value, string name, string expected)
        {
            if (!holds) throw new ArgumentOutOfRangeException(name, value, $"Expected {expected}.");
        }
    }
}
