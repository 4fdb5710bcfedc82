using FlowKit.Integration;

namespace FlowKit.Laws;

/// <summary>Elements of vectors in spaces of their own.</summary>
internal sealed class ProductSpace(IReadOnlyList<(Space Space, long Size)> parts) : Space
{
    public override bool IsDiscrete => parts.All(part => part.Space.IsDiscrete);

    public override QuadratureRule Rule(Shape shape, int resolution) =>
        parts.Select(part => part.Space.Rule(part.Size, resolution)).Aggregate((rule, next) => rule.Times(next));

    public override IEnumerable<Func<Tensor, Tensor>> Statistics(long dimensions, Tensor likely)
    {
        long start = 0;
        foreach (var (space, size) in parts)
        {
            long from = start;
            foreach (var one in space.Statistics(size, likely.narrow(1, from, size))) yield return x => one(x.narrow(1, from, size));
            start += size;
        }
    }

    public override Tensor Tangent(Tensor x)
    {
        Tensor[] pieces = x.split([.. parts.Select(part => part.Size)], dim: 1), bases = [.. parts.Zip(pieces, (part, piece) => part.Space.Tangent(piece))];
        var whole = zeros([x.size(0), bases.Sum(basis => basis.size(1)), x.size(1)], dtype: x.dtype, device: x.device);
        long row = 0, column = 0;
        foreach (var basis in bases)
        {
            whole.narrow(1, row, basis.size(1)).narrow(2, column, basis.size(2)).copy_(basis);
            (row, column) = (row + basis.size(1), column + basis.size(2));
        }
        return whole;
    }
}
