using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>Flows of images against their bare convolutions, a Glow also against the peers of <c>peers.py</c>: training, density and samples, on one thread and on two.</summary>
internal static class ConvolutionsBenchmark
{
    public static void Run(Settings settings) => Contest.Run(settings, Subject.Images, Measure);

    private static void Measure(Contest contest, Subject subject, Device device, int threads, IReadOnlyList<Peer> peers)
    {
        using var scope = NewDisposeScope();
        var ours = new Ours(subject, device, threads);
        var bare = new Convolutions(ours.Flow, subject.Batch, device);
        string[] sizes = [$"ours {ours.Flow.ParameterCount:N0}", .. Peer.Contenders(peers, subject, "parameters").Select(peer => $"{peer.Name} {peer.Seconds():N0}")];

        contest.Row($"{subject.Name}, parameters {string.Join(", ", sizes)}: training steps", 1, ours.Train, [() => ours.Turn(bare.Train)], Peer.Contenders(peers, subject, "train"));
        contest.Row($"log-probs, {subject.Batch} at once", subject.Batch, () => ours.LogProb(subject.Batch), [() => ours.Turn(bare.Forward)], Peer.Contenders(peers, subject, $"logprob:{subject.Batch}"));
        contest.Row($"samples, {subject.Batch} at once", subject.Batch, () => ours.Sample(subject.Batch), [() => ours.Turn(bare.Forward)], Peer.Contenders(peers, subject, $"sample:{subject.Batch}"));
    }
}
