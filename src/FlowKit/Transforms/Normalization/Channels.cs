namespace FlowKit.Transforms;

/// <summary>Dimension 1: the features of (B, D), the channels of (B, C, H, W), for layers that treat every position alike.</summary>
internal static class Channels
{
    /// <summary>Positions that share a channel: 1 for (B, D), H W for (B, C, H, W).</summary>
    public static long Positions(Tensor x)
    {
        long positions = 1;
        for (int i = 2; i < x.Dimensions; i++) positions *= x.size(i);
        return positions;
    }

    /// <summary>(D) shaped to meet x along dimension 1.</summary>
    public static Tensor Along(Tensor perChannel, Tensor x) =>
        x.Dimensions == 2 ? perChannel : perChannel.reshape([-1, .. Enumerable.Repeat(1L, (int)x.Dimensions - 2)]);

    /// <summary>Mean and (biased) variance of each channel over batch and positions, (D).</summary>
    public static (Tensor Mean, Tensor Variance) Moments(Tensor x)
    {
        var columns = x.transpose(0, 1).flatten(1);                          // (D, B*H*W)
        var mean = columns.mean([1]);
        return (mean, (columns - mean.unsqueeze(1)).square().mean([1]));
    }
}
