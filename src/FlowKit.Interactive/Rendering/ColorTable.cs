namespace FlowKit.Interactive.Rendering;

/// <summary>At most 256 colours that stand for all of a picture's: median cut, Heckbert (1982).</summary>
internal sealed class ColourTable
{
    private const int Largest = 256;

    private readonly Dictionary<uint, byte> index = [];

    private ColourTable(IReadOnlyList<(uint Colour, int Count)[]> boxes)
    {
        Colours = [.. boxes.Select(Mean)];
        for (int i = 0; i < boxes.Count; i++)
            foreach (var (colour, _) in boxes[i]) index[colour] = (byte)i;
    }

    /// <summary>As 0xRRGGBB.</summary>
    public IReadOnlyList<uint> Colours { get; }

    /// <summary>The place in <see cref="Colours"/> of a colour of the picture.</summary>
    public byte this[uint colour] => index[colour];

    public static ColourTable Of(IEnumerable<uint> pixels)
    {
        (uint Colour, int Count)[] all = [.. pixels.CountBy(colour => colour).Select(pair => (pair.Key, pair.Value))];
        if (all.Length <= Largest) return new([.. all.Select(one => new[] { one })]);

        var boxes = new PriorityQueue<(uint Colour, int Count)[], double>([(all, 0)]);
        while (boxes.Count < Largest)
        {
            var (low, high) = Halves(boxes.Dequeue());
            boxes.Enqueue(low, -Urgency(low));
            boxes.Enqueue(high, -Urgency(high));
        }

        return new([.. boxes.UnorderedItems.Select(item => item.Element)]);
    }

    /// <summary>A wide box that many pixels share is cut first; a single colour never.</summary>
    private static double Urgency((uint Colour, int Count)[] box) => Enumerable.Range(0, 3).Max(channel => Spread(box, channel)) * Math.Sqrt(box.Sum(one => (double)one.Count));

    private static ((uint, int)[] Low, (uint, int)[] High) Halves((uint Colour, int Count)[] box)
    {
        int widest = Enumerable.Range(0, 3).MaxBy(channel => Spread(box, channel));
        Array.Sort(box, (a, b) => Channel(a.Colour, widest).CompareTo(Channel(b.Colour, widest)));
        long half = box.Sum(one => (long)one.Count) / 2, seen = 0;
        int cut = Math.Clamp(Array.FindIndex(box, one => (seen += one.Count) > half), 1, box.Length - 1);
        return (box[..cut], box[cut..]);
    }

    private static uint Mean((uint Colour, int Count)[] box)
    {
        long weight = box.Sum(one => (long)one.Count);
        return Enumerable.Range(0, 3).Aggregate(0u, (colour, channel) =>
            colour | (uint)((box.Sum(one => (long)Channel(one.Colour, channel) * one.Count) + weight / 2) / weight) << (8 * channel));
    }

    private static int Spread((uint Colour, int Count)[] box, int channel) =>
        box.Max(one => Channel(one.Colour, channel)) - box.Min(one => Channel(one.Colour, channel));

    private static int Channel(uint colour, int channel) => (int)(colour >> (8 * channel)) & 0xFF;
}
