using TorchSharp.Modules;

namespace FlowKit.Distributions;

/// <summary>Independent elements of one family with parameters of their own: learned (<see cref="Family.Learned"/>) or fixed (a family's <c>Fixed</c>).</summary>
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

    internal override Tensor Theta(long rows, Tensor? context) => theta?.unsqueeze(0) ?? GetConstant(nameof(theta)).to(Dtype);
}
