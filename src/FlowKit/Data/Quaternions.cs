namespace FlowKit.Data;

/// <summary>Rotations of space as unit quaternions q = (w, x, y, z) = (cos(t/2), sin(t/2) n), by the angle t about the axis n: points of S³, where q and -q are one rotation.</summary>
/// <remarks>The real part w comes first. A rotation matrix R acts on column vectors, v to R v. Shoemake 1985, Animating rotation with quaternion curves, SIGGRAPH.</remarks>
/// <example><code>
/// // A quarter of a turn about the third axis takes the first axis to the second.
/// var q = tensor(new[,] { { Math.Sqrt(0.5), 0, 0, Math.Sqrt(0.5) } });
/// var turned = Quaternions.ToMatrix(q)[0].matmul(tensor(new[] { 1.0, 0, 0 }));
/// Console.WriteLine(turned.allclose(tensor(new[] { 0.0, 1, 0 })));                      // => True
/// Console.WriteLine(Quaternions.FromMatrix(Quaternions.ToMatrix(-q)).allclose(q));      // => True
/// </code></example>
public static class Quaternions
{
    /// <summary>The matrices of unit quaternions: (B, 4) to (B, 3, 3). q and -q give the same.</summary>
    /// <param name="q">(B, 4), real, of norm 1 within 1e-4; they are divided by their norm.</param>
    /// <exception cref="ArgumentException">Another shape, or a norm that is not 1.</exception>
    public static Tensor ToMatrix(Tensor q)
    {
        Guard.Batch(q, 4);
        Guard.Floating(q, nameof(Quaternions), float32);
        using var scope = NewDisposeScope();
        var parts = SpherePoints.Project(q).unbind(1);
        var (w, x, y, z) = (parts[0], parts[1], parts[2], parts[3]);
        Tensor[] all =
        [
            1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
            2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
            2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
        ];
        return stack(all, dim: 1).unflatten(1, [3, 3]).MoveToOuterDisposeScope();
    }

    /// <summary>The unit quaternions of rotation matrices: (B, 3, 3) to (B, 4). Of q and -q the one whose first part that is not 0 is positive: w > 0 but for half turns.</summary>
    /// <param name="rotations">(B, 3, 3), real, orthogonal of determinant 1 within 1e-3.</param>
    /// <exception cref="ArgumentException">Another shape, or a matrix that is no rotation.</exception>
    public static Tensor FromMatrix(Tensor rotations)
    {
        Guard.Batch(rotations, [3, 3]);
        Guard.Floating(rotations, nameof(Quaternions), float32);
        using var scope = NewDisposeScope();
        CheckRotations(rotations);

        // Four times the products of the parts, w w, w x, ...: the row of the largest part divides by nothing small.
        Tensor At(int i, int j) => rotations.select(1, i).select(1, j);
        Tensor a = At(0, 0), b = At(1, 1), c = At(2, 2);
        Tensor wx = At(2, 1) - At(1, 2), wy = At(0, 2) - At(2, 0), wz = At(1, 0) - At(0, 1), xy = At(0, 1) + At(1, 0), xz = At(0, 2) + At(2, 0), yz = At(1, 2) + At(2, 1);
        Tensor[] all = [1 + a + b + c, wx, wy, wz, wx, 1 + a - b - c, xy, xz, wy, xy, 1 - a + b - c, yz, wz, xz, yz, 1 - a - b + c];
        var products = stack(all, dim: 1).unflatten(1, [4, 4]);               // (B, 4, 4)
        var largest = products.diagonal(0, 1, 2).argmax(1).view(-1, 1, 1).expand(-1, 1, 4);
        var q = products.gather(1, largest).squeeze(1);
        q = q / q.norm(1, keepdim: true);
        return (q * SpherePoints.Side(q)).MoveToOuterDisposeScope();
    }

    private static void CheckRotations(Tensor rotations)
    {
        var error = (rotations.matmul(rotations.mT) - eye(3, dtype: rotations.dtype, device: rotations.device)).abs().amax([1, 2]);
        var wrong = error.gt(1e-3).logical_or(linalg.det(rotations.detach()).lt(0));
        if (wrong.any().ToBoolean())
            throw new ArgumentException($"The matrix in row {wrong.to(int64).argmax().ToInt64()} is no rotation; expected orthogonal matrices of determinant 1.", nameof(rotations));
    }
}
