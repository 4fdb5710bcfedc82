namespace FlowKit.Interactive;

/// <summary>One thing drawn inside a panel. Later layers cover earlier ones.</summary>
public abstract record Layer
{
    private protected Layer() { }

    /// <summary>What the legend calls it; empty keeps it out of the legend.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the layer covers along x; null where it has nothing finite to show.</summary>
    internal abstract Interval? ExtentX { get; }

    /// <summary>What the layer covers along y; null where it has nothing finite to show.</summary>
    internal abstract Interval? ExtentY { get; }

    /// <summary>A few words for the textual form of a figure.</summary>
    internal abstract string Describe();

    private protected static void RequireSame(int count, int other, string name, string otherName)
    {
        if (count != other) throw new ArgumentException($"{name} and {otherName} have the same length; they were {count} and {other}.", otherName);
    }
}
