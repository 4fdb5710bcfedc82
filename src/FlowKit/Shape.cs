using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace FlowKit;

/// <summary>Sizes of one event or of one context, without the batch: (2) for a point of the plane, (3, 32, 32) for a picture.</summary>
/// <remarks>
/// A size may be <see cref="Unknown"/>, written *, and a shape may be open, written (D, ...): then any dimensions may follow. A number of features is the shape of a vector, so that
/// 3 and [3] say the same. Two shapes are equal if they say the same.
/// </remarks>
/// <example><code>
/// Shape image = [3, 32, 32], vector = 4, channels = Shape.Leading(4);
/// Console.WriteLine($"{image} {vector} {channels}");              // => (3, 32, 32) (4) (4, ...)
/// Console.WriteLine(channels.Fits(zeros(7, 4, 8, 8)));            // => True
/// Console.WriteLine(channels.Meet([Shape.Unknown, 8, 8]));        // => (4, 8, 8)
/// </code></example>
[CollectionBuilder(typeof(Shape), nameof(Of))]
public sealed class Shape : IReadOnlyList<long>, IEquatable<Shape>
{
    /// <summary>A size that is left open.</summary>
    public const long Unknown = -1;

    private readonly long[] sizes;

    private Shape(long[] sizes, bool isOpen) => (this.sizes, IsOpen) = (sizes, isOpen);

    /// <summary>Every shape fits it, (...).</summary>
    public static Shape Any { get; } = new([], isOpen: true);

    /// <summary>The shape of these sizes.</summary>
    /// <remarks>Sizes that no tensor has are refused by what is made of the shape, which can say whose they are.</remarks>
    public static Shape Of(ReadOnlySpan<long> sizes) => new(sizes.ToArray(), isOpen: false);

    /// <summary>(D, ...): features or channels first, then whatever follows.</summary>
    /// <param name="features">D >= 1.</param>
    public static Shape Leading(long features) => new([features], isOpen: true);

    /// <summary>The shape of a vector.</summary>
    public static implicit operator Shape(long features) => new([features], isOpen: false);

    /// <summary>The shape of these sizes.</summary>
    public static implicit operator Shape(long[] sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return Of(sizes);
    }

    /// <summary>Whether any dimensions may follow those listed.</summary>
    public bool IsOpen { get; }

    /// <summary>Whether every size is known and none may follow.</summary>
    public bool IsFixed => !IsOpen && !sizes.Contains(Unknown);

    /// <inheritdoc/>
    public int Count => sizes.Length;

    /// <summary>How many numbers one event has, the product of its sizes.</summary>
    /// <exception cref="InvalidOperationException">A size is unknown.</exception>
    public long Volume => IsFixed
        ? sizes.Aggregate(1L, (product, size) => checked(product * size))
        : throw new InvalidOperationException($"An event of shape {this} has no fixed number of elements.");

    /// <inheritdoc/>
    public long this[int index] => sizes[index];

    /// <summary>A run of the sizes; whether others follow is not kept.</summary>
    public Shape Slice(int start, int length) => new(sizes[start..(start + length)], isOpen: false);

    /// <summary>Whether the tensor is a batch of such events, (B, sizes...).</summary>
    public bool Fits(Tensor batch)
    {
        Guard.Alive(batch);
        int dimensions = (int)batch.Dimensions - 1;
        if (dimensions < Count || dimensions > Count && !IsOpen) return false;
        for (int i = 0; i < Count; i++)
            if (sizes[i] != Unknown && batch.size(i + 1) != sizes[i]) return false;
        return true;
    }

    /// <summary>What fits both shapes; null if nothing does.</summary>
    public Shape? Meet(Shape other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (longer, shorter) = Count >= other.Count ? (this, other) : (other, this);
        if (longer.Count > shorter.Count && !shorter.IsOpen) return null;

        long[] met = [.. longer.sizes];
        for (int i = 0; i < shorter.Count; i++)
        {
            if (met[i] == Unknown) met[i] = shorter[i];
            else if (shorter[i] != Unknown && shorter[i] != met[i]) return null;
        }
        return new(met, IsOpen && other.IsOpen);
    }

    /// <summary>(D, H, W) as one writes it: * for an unknown size, ... where any may follow.</summary>
    public override string ToString() => $"({string.Join(", ", Words)})";

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && IsOpen == other.IsOpen && sizes.AsSpan().SequenceEqual(other.sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => sizes.Aggregate(IsOpen ? 1 : 0, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)sizes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The sizes as one writes them.</summary>
    internal IEnumerable<string> Words => [.. sizes.Select(size => size == Unknown ? "*" : size.ToString(CultureInfo.InvariantCulture)), .. IsOpen ? ["..."] : Array.Empty<string>()];
}
