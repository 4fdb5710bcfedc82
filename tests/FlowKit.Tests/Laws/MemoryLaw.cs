using FlowKit.Distributions;
using static FlowKit.Tests.Laws.Numeric;

namespace FlowKit.Tests.Laws;

/// <summary>What densities and masses owe to memory alike.</summary>
internal static class MemoryLaw
{
    /// <summary>A draw leaves one tensor behind, a log-prob one, a draw with its log-prob two.</summary>
    public static void OnlyTheResultsOutliveACall(Distribution p)
    {
        using var scope = NewDisposeScope();
        long before = LiveTensors;
        var x = p.Sample(5);
        Assert.Equal(before + 1, LiveTensors);
        p.LogProb(x);
        Assert.Equal(before + 2, LiveTensors);
        p.SampleWithLogProb(5);
        Assert.Equal(before + 4, LiveTensors);
    }
}
