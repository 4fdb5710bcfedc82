namespace FlowKit.Training;

/// <summary>What a training minimizes, batch by batch.</summary>
/// <param name="Loss">The next batch's loss, given the share of the steps that is done, in [0, 1).</param>
/// <param name="Data">The data whose rows form the batches; null if batches are drawn.</param>
/// <param name="Batches">Which rows.</param>
internal sealed record Objective(Func<double, Tensor> Loss, Dataset? Data = null, Shuffle? Batches = null);
