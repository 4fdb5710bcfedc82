using FlowKit.Conditioners;
using TorchSharp.Utils;

namespace FlowKit.Distributions;

/// <summary>Independent elements of one family whose parameters a network computes from the context: p(x | c) = product of p(x_i; h(c)_i). See <see cref="Family.Conditional"/>.</summary>
/// <example><code>
/// // The noise of y grows with c: a network finds the mean and the scale of y given c.
/// manual_seed(0);
/// var c = rand(1000, 1);
/// var y = 3 * c + (0.1 + c) * randn(1000, 1);
/// var law = new Normal().Conditional(1, (inputs, outputs) => new Mlp(inputs, outputs, [16]), 1);
/// Trainer.Fit(law, new Dataset(y, c), options: new() { Steps = 300, LearningRate = 1e-2 });
/// var draws = law.Sample(2000, ones(1, 1));
/// Console.WriteLine(Math.Abs(draws.mean().ToDouble() - 3) &lt; 0.5);  // => True
/// </code></example>
public sealed class Conditional : FamilyDistribution
{
    internal Conditional(Family family, Shape contextShape, Func<long, long, Conditioner> conditioner, Shape eventShape)
        : base(nameof(Conditional), family, eventShape)
    {
        Guard.Sizes(contextShape, dimensions: 1);

        bool isAtPositions = contextShape.Count > 1 && contextShape[1..].Equals(eventShape[1..]);
        Conditioner = Conditioner.MakePlain(conditioner, contextShape[0], family.ParameterCount * (isAtPositions ? eventShape[0] : eventShape.Volume));
        ContextShape = contextShape;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    /// <summary>h, from the context to the family's parameters.</summary>
    [field: ComponentName(Name = "conditioner")]
    public Conditioner Conditioner { get; }

    internal override Tensor Theta(long rows, Tensor? context)
    {
        Guard.Dtype(context, Dtype, GetName());
        return Conditioner.Forward(context!, null).reshape([rows, Family.ParameterCount, .. EventShape]);
    }
}
