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

    /// <summary>Starts the elements at the member with the mean and the standard deviation of each, over x; where the network passes its inputs on, at those of x given the context by linear regression.</summary>
    /// <remarks>Where context and event are pictures of one size, elements of one channel share their constants, as they share the network.</remarks>
    /// <param name="x">(B, EventShape...).</param>
    /// <param name="context">(B, ContextShape...), what the network reads.</param>
    /// <exception cref="NotSupportedException">The family or the network has no such start.</exception>
    internal void StartFrom(Tensor x, Tensor context)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        bool isAtPositions = Conditioner.Outputs < Family.ParameterCount * EventShape.Volume;
        var y = Rows(Family.Encode(x.to(float64)));
        if (!Conditioner.PassesInputs)
        {
            Conditioner.StartAt(Family.StartFor(y).flatten(), null);
            return;
        }

        var inputs = Rows(context.to(float64));
        var (center, mean) = (inputs.mean([0]), y.mean([0]));
        var centered = inputs - center;
        var covariance = centered.transpose(0, 1).mm(centered);
        var ridge = covariance.diag().mean() * 1e-6 + 1e-12;                  // inputs may be constant, or copies of each other
        var slopes = linalg.solve(covariance + eye(inputs.size(1), dtype: float64, device: x.device) * ridge, centered.transpose(0, 1).mm(y - mean));      // (I, E)
        var moving = tensor(Enumerable.Range(0, Family.ParameterCount).Select(i => Family.MovesWithValues(i) ? 1.0 : 0).ToArray(), [Family.ParameterCount, 1, 1], dtype: float64, device: x.device);
        var constants = Family.StartFor(y - inputs.mm(slopes));              // (P, E)
        Conditioner.StartAt(constants.flatten(), (moving * slopes.transpose(0, 1)).flatten(0, 1));

        // (B, E), or (B H W, C).
        Tensor Rows(Tensor all) => isAtPositions ? all.flatten(2).transpose(1, 2).flatten(0, 1) : all.flatten(1);
    }

    internal override Tensor Theta(long rows, Tensor? context)
    {
        Guard.Dtype(context, Dtype, GetName());
        return Conditioner.Forward(context!, null).reshape([rows, Family.ParameterCount, .. EventShape]);
    }
}
