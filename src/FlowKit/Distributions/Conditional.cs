using FlowKit.Conditioners;

namespace FlowKit.Distributions;

/// <summary>Independent elements of one family whose parameters a network computes from the context: p(x | c) = product of p(x_i; h(c)_i). See <see cref="Family.Conditional"/>.</summary>
public sealed class Conditional : FamilyDistribution
{
    private readonly Conditioner conditioner;

    internal Conditional(Family family, Shape contextShape, Func<long, long, Conditioner> conditioner, Shape eventShape)
        : base(nameof(Conditional), family, eventShape)
    {
        Guard.Sizes(contextShape, dimensions: 1);

        bool isAtPositions = contextShape.Count > 1 && contextShape[1..].Equals(eventShape[1..]);
        this.conditioner = Conditioner.MakePlain(conditioner, contextShape[0], family.ParameterCount * (isAtPositions ? eventShape[0] : eventShape.Volume));
        ContextShape = contextShape;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    internal override Tensor Theta(long rows, Tensor? context)
    {
        Guard.Dtype(context, Dtype, GetName());
        return conditioner.Forward(context!, null).reshape([rows, Family.ParameterCount, .. EventShape]);
    }
}
