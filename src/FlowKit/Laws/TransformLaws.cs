namespace FlowKit.Laws;

/// <summary>What every transform obeys, in float64: bijections of R^D and of other spaces, layers that add noise or drop something, and maps of whole numbers.</summary>
/// <remarks>The laws of contexts speak of conditional transforms only, those of Jacobians of bijections between spaces that have tangents.</remarks>
/// <example><code>
/// using FlowKit.Laws;
/// Func&lt;long, Tensor> data = rows => randn([rows, 2], dtype: float64);
/// TransformLaws.Check(new TransformCase("planar", () => new Planar(2), data) { Tolerance = 1e-7 });
/// Console.WriteLine(TransformLaws.All.Any(law => law.Name == "Inverse undoes forward"));   // => True
/// </code></example>
public static partial class TransformLaws
{
    private const long Rows = 7;

    /// <summary>Every law.</summary>
    public static IReadOnlyList<Law<TransformCase>> All { get; } =
    [
        new("Inverse undoes forward", InverseUndoesForward, it => it.UndoesForward),
        new("Forward undoes inverse", ForwardUndoesInverse, it => it.UndoesInverse),
        new("The forward log-det is that of the autograd Jacobian", ForwardJacobian, HasJacobian),
        new("The inverse log-det is that of the autograd Jacobian", InverseJacobian, HasJacobian),
        new("A map of whole numbers gives whole numbers and a log-det of zero", WholeNumbers, it => it.IsDiscrete),
        new("Forward and inverse log-dets cancel", LogDetsCancel, _ => true),
        new("Results have the promised shapes", PromisedShapes, _ => true),
        new("A batch of one is a row of a batch", BatchOfOne, _ => true),
        new("An empty batch gives an empty batch", EmptyBatch, _ => true),
        new("Only the results outlive a call", Memory, _ => true),
        new("Results are fresh tensors", FreshResults, _ => true),
        new("Every parameter gets a gradient both ways", EveryGradient, _ => true),
        new("Gradients are the same with and without their graph", GradientsOfGraphs, HasJacobian),
        new("Save and load keep every answer", SaveAndLoad, _ => true),
        new("Float32 and back is near float64", Float32, _ => true),
        new("No input gives NaN", NoNaN, _ => true),
        new("Another context gives another answer", AnotherContext, IsConditional),
        new("One context serves all rows", OneContext, IsConditional),
        new("A context against its nature is refused", ContextRefusals, _ => true),
        new("Numbers of another kind are taken or refused by name", OtherNumbers, _ => true),
        new("Two threads get the answers of one", TwoThreads, it => it.IsBijection),
        new("Sparse tensors and those of another device are refused by name", OtherPlaces, _ => true),
        new("Parameters made inside a dispose scope outlive it", MadeInAScope, _ => true),
    ];

    /// <summary>Holds a transform against every law that speaks of it.</summary>
    /// <exception cref="LawException">One does not hold; the message says which, and how far off.</exception>
    public static void Check(TransformCase one)
    {
        ArgumentNullException.ThrowIfNull(one);
        Expect.All(All, one, one.Name);
    }

    private static bool HasJacobian(TransformCase it) => it.IsBijection && !it.IsDiscrete;

    private static bool IsConditional(TransformCase it) => it.Make().ContextShape is not null;
}
