namespace FlowKit.Compression;

/// <summary>Values that leave a flow, a channel each, and the parameters of their laws.</summary>
internal sealed record CodedLevel(int[][] Values, LevelTheta Theta)
{
    /// <summary>Appends all values.</summary>
    public void Push(RansEncoder encoder) => Theta.Each(Values[0].Length, (law, c, i) => law.Push(encoder, Values[c][i]));

    /// <summary>Adds -log2 P of each value to its image's sum.</summary>
    public void AddBits(double[] images)
    {
        int each = Values[0].Length / images.Length;
        Theta.Each(Values[0].Length, (law, c, i) => images[i / each] += law.BitsOf(Values[c][i]));
    }
}
