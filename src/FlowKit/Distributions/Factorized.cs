using TorchSharp.Modules;

namespace FlowKit.Distributions;

/// <summary>Independent elements of one family with parameters of their own: learned (<see cref="Family.Learned"/>) or fixed (a family's <c>Fixed</c>).</summary>
/// <example><code>
/// manual_seed(0);
/// var x = 3 + 0.5 * randn(2000, 2);
/// Factorized law = new Normal().Learned(2);
/// Trainer.Fit(law, x, options: new() { Steps = 300, LearningRate = 0.05 });
/// Console.WriteLine(law.Sample(2000).mean([0]).npstr("F0"));  // => [3, 3]
/// </code></example>
public sealed class Factorized : FamilyDistribution
{
    private readonly Parameter? theta;        // (P, EventShape...); null where it is fixed

    internal Factorized(Family family, Shape eventShape) : base(nameof(Factorized), family, eventShape)
    {
        theta = new Parameter(zeros([family.ParameterCount, .. eventShape], dtype: get_default_dtype(), device: CPU));
        RegisterComponents();
    }

    internal Factorized(Family family, Tensor theta) : base(nameof(Factorized), family, theta.shape[2..])
    {
        SetConstant(nameof(theta), theta);
        RegisterComponents();
    }

    /// <summary>Starts learned elements at the member with the mean and the standard deviation of each, over x, (B, EventShape...); fixed ones stay.</summary>
    /// <exception cref="NotSupportedException">The family has none.</exception>
    internal void StartFrom(Tensor x)
    {
        if (theta is null) return;
        using var none = no_grad();
        using var scope = NewDisposeScope();
        theta.copy_(Family.StartFor(Family.Encode(x.to(float64))));
    }

    /// <summary>theta in the precision it is held in, (1, P, ...).</summary>
    internal Tensor Stored => theta?.unsqueeze(0) ?? GetConstant(nameof(theta));

    internal override Tensor Theta(long rows, Tensor? context) => theta?.unsqueeze(0) ?? GetConstant(nameof(theta)).to(Dtype);
}
