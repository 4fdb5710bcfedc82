namespace FlowKit.Interactive.Rendering;

/// <summary>At most 256 colors that stand for all of a picture's: median cut, Heckbert (1982).</summary>
internal sealed class ColorTable
{
    private const int Largest = 256;

    private readonly Dictionary<uint, byte> index = [];

    private ColorTable(IReadOnlyList<(uint Color, int Count)[]> boxes)
    {
        Colors = [.. boxes.Select(Mean)];
        for (int i = 0; i < boxes.Count; i++)
            foreach (var (color, _) in boxes[i]) index[color] = (byte)i;
    }

    /// <summary>As 0xRRGGBB.</summary>
    public IReadOnlyList<uint> Colors { get; }

    /// <summary>The place in <see cref="Colors"/> of a color of the picture.</summary>
    public byte this[uint color] => index[color];

    public static ColorTable Of(IEnumerable<uint> pixels)
    {
        (uint Color, int Count)[] all = [.. pixels.CountBy(color => color).Select(pair => (pair.Key, pair.Value))];
        if (all.Length <= Largest) return new([.. all.Select(one => new[] { one })]);

        var boxes = new PriorityQueue<(uint Color, int Count)[], double>([(all, 0)]);
        while (boxes.Count < Largest)
        {
            var (low, high) = Halves(boxes.Dequeue());
            boxes.Enqueue(low, -Urgency(low));
            boxes.Enqueue(high, -Urgency(high));
        }

        return new([.. boxes.UnorderedItems.Select(item => item.Element)]);
    }

    /// <summary>A wide box that many pixels share is cut first; a single color never.</summary>
    private static double Urgency((uint Color, int Count)[] box) => Enumerable.Range(0, 3).Max(channel => Spread(box, channel)) * Math.Sqrt(box.Sum(one => (double)one.Count));

    private static ((uint, int)[] Low, (uint, int)[] High) Halves((uint Color, int Count)[] box)
    {
        int widest = Enumerable.Range(0, 3).MaxBy(channel => Spread(box, channel));
        Array.Sort(box, (a, b) => Channel(a.Color, widest).CompareTo(Channel(b.Color, widest)));
        long half = box.Sum(one => (long)one.Count) / 2, seen = 0;
        int cut = Math.Clamp(Array.FindIndex(box, one => (seen += one.Count) > half), 1, box.Length - 1);
        return (box[..cut], box[cut..]);
    }

    private static uint Mean((uint Color, int Count)[] box)
    {
        long weight = box.Sum(one => (long)one.Count);
        return Enumerable.Range(0, 3).Aggregate(0u, (color, channel) =>
            color | (uint)((box.Sum(one => (long)Channel(one.Color, channel) * one.Count) + weight / 2) / weight) << (8 * channel));
    }

    private static int Spread((uint Color, int Count)[] box, int channel) =>
        box.Max(one => Channel(one.Color, channel)) - box.Min(one => Channel(one.Color, channel));

    private static int Channel(uint color, int channel) => (int)(color >> (8 * channel)) & 0xFF;
}
