using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowKit.Transforms;

/// <summary>Runs a spline or its inverse over the elements of tensors in main memory, float32 or float64, in vectors and on as many threads as torch uses.</summary>
internal sealed unsafe record SplineLoop(RationalQuadraticSpline Spline, bool Inverse)
{
    private const int Part = 1024;                                            // elements that are worth a thread

    /// <summary>Value and log-slope.</summary>
    public List<Tensor> Forward(Tensor at, Tensor theta)
    {
        (at, theta) = (at.contiguous(), theta.contiguous());
        return Run(at, theta, null, [empty_like(at), empty_like(at)]);
    }

    /// <summary>The gradients of the argument and of theta, for those of value and log-slope.</summary>
    public List<Tensor> Backward(Tensor at, Tensor theta, Tensor gradValue, Tensor gradLogSlope)
    {
        (at, theta) = (at.contiguous(), theta.contiguous());
        return Run(at, theta, (gradValue.contiguous(), gradLogSlope.contiguous()), [empty_like(at), empty_like(theta)]);
    }

    private List<Tensor> Run(Tensor at, Tensor theta, (Tensor Value, Tensor LogSlope)? gradients, List<Tensor> results)
    {
        Action run = (at.dtype == ScalarType.Float32, Vector512.IsHardwareAccelerated) switch
        {
            (true, true) => All<float, Simd512<float>>,
            (true, false) => All<float, SimdN<float>>,
            (false, true) => All<double, Simd512<double>>,
            (false, false) => All<double, SimdN<double>>,
        };
        if (at.numel() > 0) run();
        return results;

        void All<T, V>() where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>
        {
            long count = at.numel();
            int stride = (int)(count / at.size(0));
            T* x = TensorMemory.Of<T>(at), t = TensorMemory.Of<T>(theta), first = TensorMemory.Of<T>(results[0]), second = TensorMemory.Of<T>(results[1]);
            T* ofValue = gradients is var (value, _) ? TensorMemory.Of<T>(value) : null, ofLogSlope = gradients is var (_, logSlope) ? TensorMemory.Of<T>(logSlope) : null;
            Team.Run((int)((count + Part - 1) / Part), part =>
            {
                long from = (long)part * Part, to = Math.Min(count, from + Part);
                if (ofValue == null) Values<T, V>(x, t, first, second, stride, from, to);
                else Gradients<T, V>(x, t, ofValue, ofLogSlope, first, second, stride, from, to);
            }, get_num_threads());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Values<T, V>(T* at, T* theta, T* value, T* logSlope, int stride, long from, long to) where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>
    {
        T* own = stackalloc T[Spline.ParameterCount * V.Count];
        var lanes = new SplineLanes<T, V>(Spline, step: V.Count);
        for (long i = from; i < to; i += V.Count)
        {
            int count = (int)Math.Min(V.Count, to - i);
            Move(theta, own, V.Count, stride, i, count, back: false);
            var (y, slope) = lanes.Apply(Load<T, V>(at + i, count), own, Inverse);
            Store(y, value + i, count);
            Store(slope, logSlope + i, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gradients<T, V>(T* at, T* theta, T* gradValue, T* gradLogSlope, T* gradAt, T* gradTheta, int stride, long from, long to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>
    {
        T* own = stackalloc T[Spline.ParameterCount * V.Count], gradient = stackalloc T[Spline.ParameterCount * V.Count];
        var lanes = new SplineLanes<T, V>(Spline, step: V.Count);
        for (long i = from; i < to; i += V.Count)
        {
            int count = (int)Math.Min(V.Count, to - i);
            Move(theta, own, V.Count, stride, i, count, back: false);
            Store(lanes.Backward(Load<T, V>(at + i, count), own, Inverse, Load<T, V>(gradValue + i, count), Load<T, V>(gradLogSlope + i, count), gradient), gradAt + i, count);
            Move(gradTheta, gradient, V.Count, stride, i, count, back: true);
        }
    }

    // The parameters of elements i to i + count into lanes, or back. theta is (B, P, ...): those of an element lie as far apart as there are elements in an event.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move<T>(T* theta, T* lanes, int width, int stride, long i, int count, bool back) where T : unmanaged
    {
        for (int lane = 0; lane < count; lane++, i++)
        {
            T* own = theta + (i / stride * Spline.ParameterCount * stride) + (i % stride);
            if (back) for (int p = 0; p < Spline.ParameterCount; p++) own[p * stride] = lanes[p * width + lane];
            else for (int p = 0; p < Spline.ParameterCount; p++) lanes[p * width + lane] = own[p * stride];
        }
    }

    // The last vector may be a part of one.
    private static V Load<T, V>(T* from, int count) where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>
    {
        if (count == V.Count) return V.Load(from);

        T* whole = stackalloc T[V.Count];
        new Span<T>(from, count).CopyTo(new Span<T>(whole, count));
        return V.Load(whole);
    }

    private static void Store<T, V>(V vector, T* to, int count) where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>
    {
        if (count == V.Count)
        {
            vector.Store(to);
            return;
        }
        T* whole = stackalloc T[V.Count];
        vector.Store(whole);
        new Span<T>(whole, count).CopyTo(new Span<T>(to, count));
    }

}
