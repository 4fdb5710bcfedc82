namespace FlowKit.Benchmarks;

/// <summary>A flow whose speed is compared with aims and with a peer's figures.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Make">Makes it.</param>
/// <param name="Batch">Examples a training step, and events a call of the small evaluation.</param>
/// <param name="Aims">Training steps, log-probs and samples a second on one thread; NaN where there is none.</param>
/// <param name="Peer">The same of the fastest peer, where it is known.</param>
internal sealed record FlowCase(string Name, Func<Flow> Make, int Batch, Rates Aims, Rates Peer);

/// <summary>Training steps, log-probs and samples a second.</summary>
internal readonly record struct Rates(double Steps, double LogProbs, double Samples)
{
    public static Rates Unknown => new(double.NaN, double.NaN, double.NaN);
}
