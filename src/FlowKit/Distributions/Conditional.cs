using FlowKit.Conditioners;

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
    private readonly Conditioner conditioner;

    internal Conditional(Family family, long contextFeatures, Func<long, long, Conditioner> conditioner, long[] eventShape)
        : base(nameof(Conditional), family, eventShape)
    {
        Guard.Size(contextFeatures, least: 1);
        ArgumentNullException.ThrowIfNull(conditioner);

        long outputs = Dimensions * family.ParameterCount;
        this.conditioner = Guard.Made(conditioner(contextFeatures, outputs), nameof(conditioner));
        if (this.conditioner.Inputs != contextFeatures || this.conditioner.Outputs != outputs || this.conditioner.ContextFeatures != 0)
            throw new ArgumentException(
                $"The conditioner maps {this.conditioner.Inputs} features and a context of {this.conditioner.ContextFeatures} to {this.conditioner.Outputs}; " +
                $"this distribution needs {contextFeatures} and no context to {outputs}: its context is what the network reads.", nameof(conditioner));
        ContextFeatures = contextFeatures;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override long ContextFeatures { get; }

    internal override Tensor Theta(long rows, Tensor? context)
    {
        Guard.Dtype(context, Dtype, GetName());
        return conditioner.Forward(context!, null).reshape([rows, Family.ParameterCount, .. EventShape]);
    }
}
