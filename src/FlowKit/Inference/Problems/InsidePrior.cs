using FlowKit.Distributions;
using TorchSharp.Utils;

namespace FlowKit.Inference;

/// <summary>q(x | y) where the prior has density: draws outside are drawn again, and the density there is 0. Inside it is q's, so that it integrates to the part A(y) of q that lies inside.</summary>
internal sealed class InsidePrior : Distribution
{
    private const int Rounds = 1000;

    private readonly Func<Tensor, Tensor> isInside;

    /// <summary>q, restricted.</summary>
    /// <param name="model">q(x | y).</param>
    /// <param name="isInside">(B, D) to (B), whether the prior could have drawn it.</param>
    public InsidePrior(Distribution model, Func<Tensor, Tensor> isInside) : base(nameof(InsidePrior), model.EventShape)
    {
        (Model, this.isInside, ContextShape) = (model, isInside, model.ContextShape);
        RegisterComponents();
    }

    [field: ComponentName(Name = "model")]
    public Distribution Model { get; }

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => Model.LogProb(x, context).masked_fill(isInside(x).logical_not(), double.NegativeInfinity);

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var x = Model.Sample(count, context);
        for (int round = 0; round < Rounds; round++)
        {
            var outside = isInside(x).logical_not().nonzero().flatten();
            if (outside.size(0) == 0) return x;
            x = x.index_copy(0, outside, Model.Sample(outside.size(0), context!.index_select(0, outside)));
        }
        throw new InvalidOperationException($"Of {Rounds} draws for an observation, none lies where the prior has density. The posterior was not learned well there, or the observation is far from all simulations.");
    }
}
