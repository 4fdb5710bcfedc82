using FlowKit.Conditioners;
using FlowKit.Transforms;
using TorchSharp.Utils;

namespace FlowKit.Models;

/// <summary>A Glow whose last latent follows a law of its class, together with a linear classifier of that latent: the classification loss has the latent tell classes apart.</summary>
/// <remarks>
/// Kingma, Dhariwal 2018, arXiv:1807.03039, in its code. What the classifier reads is the mean over positions of the last latent as the steps leave it, before the class's mean and scale are taken from it: it does not
/// know the class. It starts at equal logits. Training it trains the flow, too.
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var (learn, _, test) = Digits.Split();
/// var flow = Glow.ForImages(new(1, 8, 8) { Scales = 2, Steps = 2, Maps = 8, Levels = Digits.Levels, Classes = 10 });
/// var classifier = new GlowClassifier(flow);
/// var data = new Dataset(learn.Images.reshape(-1, 1, 8, 8), ClassPosterior.OneHot(learn.Labels, 10));
/// Trainer.Fit(classifier, data, (batch, _) => classifier.JointLoss(batch.X, batch.Context!, weight: 1), new() { Steps = 150, BatchSize = 64, LearningRate = 5e-3, Threads = 1 });
/// using (no_grad())
/// {
///     var logits = classifier.Logits(test.Images.reshape(-1, 1, 8, 8));                               // (B, 10)
///     Console.WriteLine(logits.argmax(1).eq(test.Labels).to(float32).mean().ToDouble() > 0.4);        // => True
/// }
/// </code></example>
public sealed class GlowClassifier : FlowModule
{
    private readonly Mlp linear;

    /// <summary>A classifier of a flow's last latent.</summary>
    /// <param name="flow">Made by <see cref="Glow.ForImages"/> with <see cref="GlowSizes.Classes"/>.</param>
    /// <exception cref="ArgumentException">The flow is another one.</exception>
    public GlowClassifier(Flow flow) : base(nameof(GlowClassifier))
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Transform is not Chain chain || chain[^1] is not MultiScale scales || scales.Levels[^1] is not Chain level || level[^1] is not ElementwiseTransform { ContextShape: { Count: 1 } classes } prior)
            throw new ArgumentException($"{flow.GetName()} has no last latent that follows a law of its class; expected a flow as Glow.ForImages makes it with Classes.", nameof(flow));
        Flow = flow;
        var like = flow.parameters().First();
        linear = new Mlp(prior.DataShape[0], classes[0], []);
        linear.to(like.dtype).to(like.device);
        RegisterComponents();
    }

    /// <summary>The flow.</summary>
    [field: ComponentName(Name = "flow")]
    public Flow Flow { get; }

    private MultiScale Scales => (MultiScale)((Chain)Flow.Transform)[^1];

    /// <summary>The logit of each class, (B, classes). For images of 8 bits and less, noise is drawn. Gradients flow.</summary>
    /// <param name="x">(B, C, H, W).</param>
    public Tensor Logits(Tensor x)
    {
        Guard.Batch(x, Flow.EventShape);
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        var any = Flow.parameters().First().new_zeros([1, linear.Outputs]);      // the class enters behind what is read
        return scope.MoveToOuter(Read(Flow.Transform.Forward(x, any).Z, any));
    }

    /// <summary>-log p(x | c) / D + weight H(c, softmax(logits)), the mean over the batch, in nats: the code's loss, which it writes in bits.</summary>
    /// <param name="x">(B, C, H, W), B >= 1.</param>
    /// <param name="classes">c, one-hot codes (B, classes), as <see cref="Inference.ClassPosterior.OneHot"/> makes them from labels.</param>
    /// <param name="weight">Of the classification, >= 0; .01 in the paper.</param>
    /// <exception cref="ArgumentException">A shape does not fit the flow, or x holds no image.</exception>
    public Tensor JointLoss(Tensor x, Tensor classes, double weight = 0.01)
    {
        Guard.Batch(x, Flow.EventShape);
        Guard.Batch(classes, linear.Outputs);
        if (x.size(0) == 0 || classes.size(0) != x.size(0)) throw new ArgumentException($"x has shape {Guard.Describe(x)} and classes {Guard.Describe(classes)}; expected at least one image, and a class for each.", nameof(classes));
        Guard.Weight(weight);
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        var (z, logDet) = Flow.Transform.Forward(x, classes);
        var logProb = Flow.Base.LogProb(z) + logDet;
        var crossEntropy = -(classes * Read(z, classes).log_softmax(1)).sum(1);
        return scope.MoveToOuter((logProb / -Flow.Dimensions + crossEntropy * weight).mean());
    }

    private Tensor Read(Tensor z, Tensor classes)
    {
        var prior = ((Chain)Scales.Levels[^1])[^1];
        var last = prior.Inverse(Scales.Parts(z)[^1], classes).X;                // (B, C, H, W)
        return linear.Forward(last.mean([2, 3]), context: null);
    }
}
