using System.Numerics;

namespace FlowKit.Transforms;

/// <summary>The arithmetic of <see cref="Planar"/>, row by row: y = x + û t, t = tanh(wᵀx + b), log|det| = ln(t² + (1 - t²) slope) with slope = 1 + wᵀû.</summary>
internal static class PlanarLoop
{
    /// <summary>y of every row, which may take x's place, and log|det| added to what was there. theta holds (u, w, b) once, or once a row.</summary>
    public static void Forward<T>(Span<T> x, Span<T> theta, Span<T> y, Span<T> logDet, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var bent = new Bent<T>(n);
        bool shared = theta.Length == 2 * n + 1;
        for (int row = 0; row < logDet.Length; row++)
        {
            if (row == 0 || !shared) bent.Read(shared ? theta : theta.Slice(row * (2 * n + 1), 2 * n + 1));
            Span<T> at = x.Slice(row * n, n), to = y.Slice(row * n, n);
            T t = bent.Tanh(at);
            for (int k = 0; k < n; k++) to[k] = at[k] + bent.Direction[k] * t;
            logDet[row] += T.Log(bent.Det(t));
        }
    }

    /// <summary>The gradients of x, which may take those of y's place, and of theta, for those of y and log|det|.</summary>
    public static void Backward<T>(Span<T> x, Span<T> theta, Span<T> ofY, Span<T> ofLogDet, Span<T> ofX, Span<T> ofTheta, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var bent = new Bent<T>(n);
        bool shared = theta.Length == 2 * n + 1;
        T two = T.One + T.One, ofSlope = T.Zero;
        Span<T> ofDirection = new T[n];
        for (int row = 0; row < ofLogDet.Length; row++)
        {
            int start = shared ? 0 : row * (2 * n + 1);
            if (row == 0 || !shared) bent.Read(theta.Slice(start, 2 * n + 1));
            Span<T> at = x.Slice(row * n, n), given = ofY.Slice(row * n, n), to = ofX.Slice(row * n, n), own = ofTheta.Slice(start, 2 * n + 1);
            T t = bent.Tanh(at), square = t * t, ofDet = ofLogDet[row] / bent.Det(t);
            T ofTanh = ofDet * (T.One - bent.Slope) * two * t;
            for (int k = 0; k < n; k++) ofTanh += given[k] * bent.Direction[k];
            T ofLevel = ofTanh * (T.One - square);
            for (int k = 0; k < n; k++)
            {
                own[n + k] += ofLevel * at[k];
                ofDirection[k] += given[k] * t;
                to[k] = given[k] + ofLevel * theta[start + n + k];
            }
            own[2 * n] += ofLevel;
            ofSlope += ofDet * (T.One - square);
            if (shared && row < ofLogDet.Length - 1) continue;

            bent.Return(theta.Slice(start, 2 * n + 1), ofDirection, ofSlope, own);
            ofDirection.Clear();
            ofSlope = T.Zero;
        }
    }

    /// <summary>What follows from u, w and b: û and 1 + wᵀû, and the way back.</summary>
    private sealed class Bent<T>(int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private static readonly T least = T.CreateTruncating(1e-30);

        private readonly T[] w = new T[n];
        private T b, along, squares, free, wanted, share, factor;

        public T[] Direction { get; } = new T[n];      // û

        public T Slope { get; private set; }           // 1 + wᵀû

        public void Read(ReadOnlySpan<T> theta)
        {
            (along, squares, b) = (T.Zero, least, theta[2 * n]);
            for (int k = 0; k < n; k++)
            {
                w[k] = theta[n + k];
                along += w[k] * theta[k];
                squares += w[k] * w[k];
            }
            free = T.One + along;
            wanted = ScalarSoftplus.Of(along);
            share = T.One - least / squares;
            factor = (wanted - free) / squares;
            for (int k = 0; k < n; k++) Direction[k] = theta[k] + factor * w[k];
            Slope = free * (T.One - share) + wanted * share;
        }

        public T Tanh(ReadOnlySpan<T> x)
        {
            T level = b;
            for (int k = 0; k < n; k++) level += w[k] * x[k];
            return T.Tanh(level);
        }

        public T Det(T tanh) => tanh * tanh + (T.One - tanh * tanh) * Slope;

        public void Return(ReadOnlySpan<T> theta, ReadOnlySpan<T> ofDirection, T ofSlope, Span<T> ofTheta)
        {
            T ofFactor = T.Zero;
            for (int k = 0; k < n; k++) ofFactor += ofDirection[k] * w[k];
            T ofWanted = ofFactor / squares + ofSlope * share, ofFree = ofSlope * (T.One - share) - ofFactor / squares;
            T ofSquares = -ofFactor * factor / squares, ofAlong = ofWanted / (T.One + T.Exp(-along)) + ofFree;
            for (int k = 0; k < n; k++)
            {
                ofTheta[k] += ofDirection[k] + ofAlong * w[k];
                ofTheta[n + k] += factor * ofDirection[k] + ofAlong * theta[k] + (ofSquares + ofSquares) * w[k];
            }
        }
    }
}
