using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowKit.Transforms;

/// <summary>Runs a spline or its inverse over the elements of tensors in main memory, float32 or float64, on as many threads as torch uses.</summary>
internal sealed unsafe record SplineLoop(RationalQuadraticSpline Spline, bool Inverse)
{
    private const int WorthAThread = 1024;                                    // elements

    private delegate void Body<T>(ref SplineElement<T> element, long i, long offset) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Value and log-slope.</summary>
    public List<Tensor> Forward(Tensor at, Tensor theta)
    {
        (at, theta) = (at.contiguous(), theta.contiguous());
        var (value, logSlope) = (empty_like(at), empty_like(at));
        if (at.dtype == ScalarType.Float32) Loop<float>();
        else Loop<double>();
        return [value, logSlope];

        void Loop<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T* a = Memory<T>(at), v = Memory<T>(value), l = Memory<T>(logSlope);
            Each(at, theta, (ref SplineElement<T> element, long i, long _) => (v[i], l[i]) = element.Apply(a[i], Inverse));
        }
    }

    /// <summary>The gradients of the argument and of theta, for those of value and log-slope.</summary>
    public Tensor[] Backward(Tensor at, Tensor theta, Tensor gradValue, Tensor gradLogSlope)
    {
        (at, theta, gradValue, gradLogSlope) = (at.contiguous(), theta.contiguous(), gradValue.contiguous(), gradLogSlope.contiguous());
        var (gradAt, gradTheta) = (empty_like(at), zeros_like(theta));
        if (at.dtype == ScalarType.Float32) Loop<float>();
        else Loop<double>();
        return [gradAt, gradTheta];

        void Loop<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T* a = Memory<T>(at), value = Memory<T>(gradValue), slope = Memory<T>(gradLogSlope), x = Memory<T>(gradAt), t = Memory<T>(gradTheta);
            int row = Row(at);
            Each(at, theta, (ref SplineElement<T> element, long i, long offset) =>
                x[i] = element.Backward(a[i], Inverse, value[i], slope[i], new Span<T>(t + offset, row)));
        }
    }

    // theta is (B, P, ...) and x (B, ...): the parameters of an element lie as far apart as there are elements in an event.
    private void Each<T>(Tensor at, Tensor theta, Body<T> body) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* t = Memory<T>(theta);
        long rows = at.size(0);
        if (rows == 0 || at.numel() == 0) return;
        int stride = (int)(at.numel() / rows), row = Row(at), most = get_num_threads();

        long chunks = Math.Clamp(at.numel() / WorthAThread, 1, most);
        if (chunks == 1) Range(0, rows);
        else Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = most }, c => Range(rows * c / chunks, rows * (c + 1) / chunks));

        void Range(long first, long last)
        {
            var element = new SplineElement<T>(Spline, stackalloc T[2 * Spline.Bins]);
            for (long b = first; b < last; b++)
                for (int e = 0; e < stride; e++)
                {
                    long offset = (b * Spline.ParameterCount * stride) + e;
                    element.Read(new ReadOnlySpan<T>(t + offset, row), stride);
                    body(ref element, (b * stride) + e, offset);
                }
        }
    }

    // From the first parameter of an element to its last.
    private int Row(Tensor at) => at.size(0) == 0 ? 0 : (int)(((Spline.ParameterCount - 1) * (at.numel() / at.size(0))) + 1);

    private static T* Memory<T>(Tensor x) where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(x.bytes));
}
