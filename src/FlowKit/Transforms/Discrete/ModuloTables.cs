using System.Collections.Concurrent;

namespace FlowKit.Transforms;

/// <summary>What sums, differences, products and quotients of remainders are, as tables of K x K: entry (j, c) is j op c. A column of a product's table at a unit is a permutation.</summary>
internal sealed class ModuloTables
{
    private static readonly ConcurrentDictionary<int, ModuloTables> Known = [];

    private ModuloTables(int classes)
    {
        int[] inverses = new int[classes];                                    // 0, which is never asked for, where there is none
        foreach (int unit in Modulo.Units(classes)) inverses[unit] = Modulo.Inverse(unit, classes);
        Units = [.. inverses.Select(inverse => inverse > 0)];
        Sum = Table((j, c) => j + c);
        Difference = Table((j, c) => j + classes - c);
        Product = Table((j, c) => (long)j * c);
        Quotient = Table((j, c) => (long)j * inverses[c]);

        long[] Table(Func<int, int, long> of) => [.. from j in Enumerable.Range(0, classes) from c in Enumerable.Range(0, classes) select of(j, c) % classes];
    }

    /// <summary>Whether each of 0..K-1 has an inverse.</summary>
    public bool[] Units { get; }

    public long[] Sum { get; }

    public long[] Difference { get; }

    public long[] Product { get; }

    public long[] Quotient { get; }

    public static ModuloTables Of(int classes) => Known.GetOrAdd(classes, classes => new(classes));

    /// <summary>The one-hot code of j op c for codes of j and c, (B, ..., K), linear in each of them: y = sum over j and c of x_j code_c e_(j op c).</summary>
    /// <remarks>
    /// For a sum that is the circular convolution of the two codes. As both hold a single 1, each of the two derivatives of the K x K products is one row of the table, so that K numbers
    /// are moved instead of K² multiplied.
    /// </remarks>
    public static Tensor Apply(long[] table, Tensor x, Tensor code)
    {
        long classes = x.size(-1);
        var op = tensor(table, [classes, classes], dtype: int64, device: x.device);
        var moved = zeros_like(x).scatter_add(-1, Rows(op.t(), code), x);
        if (!code.requires_grad) return moved;

        var byCode = zeros_like(x).scatter_add(-1, Rows(op, x), code * x.detach().sum(-1, keepdim: true));
        return moved + StraightThrough.GradientOf(byCode);                    // the value is there already; this is its other derivative

        static Tensor Rows(Tensor op, Tensor code) => op.index_select(0, code.detach().argmax(-1).flatten()).view(code.shape);
    }
}
