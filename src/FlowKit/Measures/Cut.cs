namespace FlowKit.Measures;

/// <summary>A place between the points of the line: just before a number, or just after it.</summary>
internal readonly record struct Cut(Rational At, bool After) : IComparable<Cut>
{
    public int CompareTo(Cut other) => At.CompareTo(other.At) is var order && order != 0 ? order : After.CompareTo(other.After);
}
