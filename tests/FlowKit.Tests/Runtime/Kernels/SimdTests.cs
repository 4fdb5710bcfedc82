using System.Numerics;
using System.Runtime.Intrinsics;

namespace FlowKit.Tests.Runtime.Kernels;

public unsafe class SimdTests
{
    [Fact]
    public void Operations_on_vectors_are_those_on_numbers()
    {
        Check<float, SimdN<float>>();
        Check<double, SimdN<double>>();
        if (!Vector512.IsHardwareAccelerated) return;
        Check<float, Simd512<float>>();
        Check<double, Simd512<double>>();
    }

    private static void Check<T, V>() where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>
    {
        T[] left = [.. Enumerable.Range(0, V.Count).Select(i => T.CreateChecked(0.75 * i - 2.5))], right = [.. Enumerable.Range(0, V.Count).Select(i => T.CreateChecked(2.5 - 0.5 * i * (i % 3)))];
        left[1] = right[1];
        fixed (T* from = left, other = right)
        {
            V a = V.Load(from), b = V.Load(other), c = V.Of(T.CreateChecked(0.25));
            Holds(a + b, (x, y) => x + y);
            Holds(a - b, (x, y) => x - y);
            Holds(a * b, (x, y) => x * y);
            Holds(a / b, (x, y) => x / y);
            Holds(-a, (x, _) => -x);
            Holds(0.25, (_, _) => T.CreateChecked(0.25));
            Holds(V.Zero, (_, _) => T.Zero);
            Holds(V.MultiplyAdd(a, b, c), (x, y) => x * y + T.CreateChecked(0.25));
            Holds(V.Max(a, b), T.Max);
            Holds(V.Min(a, b), T.Min);
            Holds(V.Abs(a), (x, _) => T.Abs(x));
            Holds(V.Sqrt(V.Abs(a)), (x, _) => T.Sqrt(T.Abs(x)));
            Holds(V.Exp(a), (x, _) => T.Exp(x), units: 4);
            Holds(V.Log(V.Abs(a)), (x, _) => T.Log(T.Abs(x)), units: 4);
            Holds(V.Select(a < b, a, b), (x, y) => x < y ? x : y);
            Holds(V.Select(a > b, a, c), (x, y) => x > y ? x : T.CreateChecked(0.25));
            Holds(V.Select(a <= b, a, c), (x, y) => x <= y ? x : T.CreateChecked(0.25));
            Holds(V.Select(a >= b, a, c), (x, y) => x >= y ? x : T.CreateChecked(0.25));
            Holds(V.Select((a < V.Zero) & (b > V.Zero), a, c), (x, y) => x < T.Zero && y > T.Zero ? x : T.CreateChecked(0.25));
            Holds(V.Select((a < V.Zero) | (b < V.Zero), a, c), (x, y) => x < T.Zero || y < T.Zero ? x : T.CreateChecked(0.25));
            Assert.True(V.Any(a < V.Zero));
            Assert.False(V.Any(V.Abs(a) < V.Zero));
            Assert.Equal(left.Aggregate(T.Zero, (sum, x) => sum + x), V.Sum(a));
            Assert.True(T.IsNaN(First(V.Max(V.Zero, T.NaN is var nan ? V.Of(nan) : default))) && T.IsNaN(First(V.Min(V.Zero, V.Of(nan)))));
        }

        void Holds(V result, Func<T, T, T> truth, int units = 0)
        {
            T* numbers = stackalloc T[V.Count];
            result.Store(numbers);
            for (int i = 0; i < V.Count; i++)
            {
                T expected = truth(left[i], right[i]);
                Assert.InRange(T.Abs(numbers[i] - expected), T.Zero, T.CreateChecked(units) * (T.BitIncrement(T.Abs(expected)) - T.Abs(expected)));
            }
        }

        static T First(V vector)
        {
            T* numbers = stackalloc T[V.Count];
            vector.Store(numbers);
            return numbers[0];
        }
    }
}
