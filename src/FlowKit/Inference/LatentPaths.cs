namespace FlowKit.Inference;

/// <summary>Paths between latents: arcs, which keep their length typical of a standard normal, surfaces of arcs, and straight lines, which do not.</summary>
/// <example><code>
/// manual_seed(0);
/// var z = randn(4, 1000);
/// var (arc, grid) = (LatentPaths.Arc(z[0], z[1], points: 9), LatentPaths.Grid(z, side: 5));
/// Console.WriteLine(grid);                                     // => [5x5x1000], type = Float32, device = cpu
/// Console.WriteLine(grid[0].allclose(LatentPaths.Arc(z[0], z[1], points: 5)));  // => True
/// Console.WriteLine($"{arc[4].norm().ToDouble() / ((z[0] + z[1]) / 2).norm().ToDouble():F3}");  // => 1.414
/// </code></example>
public static class LatentPaths
{
    /// <summary>cos(phi) z1 + sin(phi) z2 for phi from 0 to pi/2: (D) and (D) to (points, D).</summary>
    /// <remarks>Independent z1, z2 ~ N(0, I) give N(0, I) at every phi.</remarks>
    /// <param name="first">z1, of any shape.</param>
    /// <param name="second">z2, of the same shape.</param>
    /// <param name="points">How many, both ends among them, >= 2.</param>
    /// <exception cref="ArgumentException">The two have different shapes.</exception>
    public static Tensor Arc(Tensor first, Tensor second, int points) => Between(first, second, points, Math.PI / 2, angle => (angle.cos(), angle.sin()));

    /// <summary>(1 - t) z1 + t z2 for t from 0 to 1: (D) and (D) to (points, D).</summary>
    /// <remarks>Between the latents of two images, the interpolation of Kingma, Dhariwal 2018, Glow, arXiv:1807.03039, section 6. Halfway between independent z1, z2 ~ N(0, I) it is shorter than they are, by the root of 2.</remarks>
    /// <inheritdoc cref="Arc"/>
    public static Tensor Line(Tensor first, Tensor second, int points) => Between(first, second, points, 1, t => (1 - t, t));

    /// <summary>The surface that four latents span, cos(phi) (z1 cos(phi') + z2 sin(phi')) + sin(phi) (z3 cos(phi') + z4 sin(phi')), for both angles from 0 to pi/2: (4, D) to (side, side, D).</summary>
    /// <remarks>
    /// Dinh et al. 2017, arXiv:1605.08803, eq. 19. Rows are phi and columns phi'; the corners are z1 and z2 in the first row, z3 and z4 in the last.
    /// </remarks>
    /// <param name="corners">z1, ..., z4, (4, ...).</param>
    /// <param name="side">Points along each side, >= 2.</param>
    /// <exception cref="ArgumentException">There are not four corners.</exception>
    public static Tensor Grid(Tensor corners, int side)
    {
        ArgumentNullException.ThrowIfNull(corners);
        if (corners.Dimensions < 1 || corners.size(0) != 4) throw new ArgumentException($"corners has shape {Guard.Describe(corners)}; expected (4, ...).", nameof(corners));

        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Arc(Arc(corners[0], corners[1], side), Arc(corners[2], corners[3], side), side));
    }

    private static Tensor Between(Tensor first, Tensor second, int points, double end, Func<Tensor, (Tensor First, Tensor Second)> weights)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        if (!first.shape.SequenceEqual(second.shape)) throw new ArgumentException($"second has shape {Guard.Describe(second)}; expected {Guard.Describe(first)}, as first.", nameof(second));

        if (!first.is_floating_point()) throw new ArgumentException($"first has dtype {first.dtype}; expected real numbers.", nameof(first));
        using var scope = NewDisposeScope();
        var (one, other) = weights(linspace(0, end, points, dtype: first.dtype, device: first.device).reshape([points, .. first.shape.Select(_ => 1L)]));
        return scope.MoveToOuter(first.unsqueeze(0) * one + second.unsqueeze(0) * other);
    }
}
