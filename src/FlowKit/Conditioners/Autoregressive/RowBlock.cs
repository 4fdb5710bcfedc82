using System.Numerics;

namespace FlowKit.Conditioners;

/// <summary>A contiguous matrix of which products add up whole rows. Its columns are padded to full vectors.</summary>
internal readonly unsafe struct RowBlock<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Lanes = 2;   // vectors side by side in the inner loop

    private readonly T* data;
    private readonly int stride;

    /// <summary>A view of a contiguous tensor, which must outlive it.</summary>
    public RowBlock(Tensor tensor)
    {
        Tensor = tensor;
        stride = (int)tensor.size(1);
        fixed (byte* bytes = tensor.bytes) data = (T*)bytes;   // native memory: it does not move
    }

    public Tensor Tensor { get; }

    public static RowBlock<T> Zeros(long rows, long columns, Tensor like)
    {
        long unit = Lanes * Vector<T>.Count;
        return new(zeros(rows, (columns + unit - 1) / unit * unit, dtype: like.dtype, device: like.device));
    }

    /// <summary>Rows as one stretch of memory.</summary>
    public Span<T> Rows(int row, int rows = 1) => new(data + (long)row * stride, rows * stride);

    /// <summary>this[row..] += weight[row.., ..count] x, in one matrix product.</summary>
    public void AddAll(RowBlock<T> weight, int row, int rows, RowBlock<T> x, int count)
    {
        if (rows == 0 || count == 0) return;

        using var target = Tensor.narrow(0, row, rows);
        using var upper = weight.Tensor.narrow(0, row, rows);
        using var known = upper.narrow(1, 0, count);
        using var read = x.Tensor.narrow(0, 0, count);
        target.addmm_(known, read, 1, 1);
    }

    /// <summary>this[row..] += weight[row.., from..to] x[from..to], for a handful of rows and columns.</summary>
    public void Add(RowBlock<T> weight, int row, int rows, RowBlock<T> x, int from, int to)
    {
        if (from == to) return;
        int i = row;
        for (; i + 3 < row + rows; i += 4)
            Four(data + (long)i * stride, weight.data + (long)i * weight.stride, weight.stride, x.data, x.stride, from, to);
        for (; i < row + rows; i++)
            One(data + (long)i * stride, weight.data + (long)i * weight.stride, x.data, x.stride, from, to);
    }

    private static void Four(T* y, T* w, int ws, T* x, int n, int from, int to)
    {
        for (int j = 0; j < n; j += 2 * Vector<T>.Count)
        {
            T* y0 = y + j, y1 = y0 + n, y2 = y1 + n, y3 = y2 + n;
            var (a0, a1) = (Vector.Load(y0), Vector.Load(y0 + Vector<T>.Count));
            var (b0, b1) = (Vector.Load(y1), Vector.Load(y1 + Vector<T>.Count));
            var (c0, c1) = (Vector.Load(y2), Vector.Load(y2 + Vector<T>.Count));
            var (d0, d1) = (Vector.Load(y3), Vector.Load(y3 + Vector<T>.Count));
            for (int k = from; k < to; k++)
            {
                T* xk = x + (long)k * n + j;
                var (x0, x1) = (Vector.Load(xk), Vector.Load(xk + Vector<T>.Count));
                T wa = w[k], wb = w[ws + k], wc = w[2 * ws + k], wd = w[3 * ws + k];
                a0 += x0 * wa; a1 += x1 * wa;
                b0 += x0 * wb; b1 += x1 * wb;
                c0 += x0 * wc; c1 += x1 * wc;
                d0 += x0 * wd; d1 += x1 * wd;
            }
            a0.Store(y0); a1.Store(y0 + Vector<T>.Count);
            b0.Store(y1); b1.Store(y1 + Vector<T>.Count);
            c0.Store(y2); c1.Store(y2 + Vector<T>.Count);
            d0.Store(y3); d1.Store(y3 + Vector<T>.Count);
        }
    }

    private static void One(T* y, T* w, T* x, int n, int from, int to)
    {
        for (int j = 0; j < n; j += 2 * Vector<T>.Count)
        {
            var (a0, a1) = (Vector.Load(y + j), Vector.Load(y + j + Vector<T>.Count));
            for (int k = from; k < to; k++)
            {
                T* xk = x + (long)k * n + j;
                a0 += Vector.Load(xk) * w[k];
                a1 += Vector.Load(xk + Vector<T>.Count) * w[k];
            }
            a0.Store(y + j);
            a1.Store(y + j + Vector<T>.Count);
        }
    }
}
