namespace FlowKit.Copulas;

/// <summary>The mathematics of <see cref="KernelCopula.Fit"/>.</summary>
internal static class LocalLikelihood
{
    private const double Rule = 2, Strongest = 0.98, Pull = 2, MostLog = 30;
    private const int Batch = 640_000;        // numbers in one block of kernel values

    /// <summary>The copula's density at the nodes, (K, K), and the effective number of parameters.</summary>
    /// <param name="x">(N, 2), in (0, 1).</param>
    /// <param name="bandwidth">A factor.</param>
    public static (Tensor Density, double Freedom) Estimate(Tensor x, double bandwidth)
    {
        double[] scores = KernelGrid.Scores;
        int n = (int)x.size(0), count = scores.Length;
        double h = Rule * Math.Pow(n, -1.0 / 6) * bandwidth;

        // Whitened, w = L^-1 z with L L^T the scores' correlation: the kernel is N(0, h² I).
        var z = special.ndtri(x);
        double rho = Math.Clamp(Correlation(z), -Strongest, Strongest), rest = Math.Sqrt(1 - rho * rho);
        var w = Whiten(z);
        var axis = tensor(scores, dtype: float64, device: CPU);
        var at = stack([axis.repeat_interleave(count), axis.repeat(count)], dim: 1);                   // the nodes' scores, the second fastest
        var parts = Whiten(at).split(Math.Max(1, Batch / n)).Select(rows => AtNodes(rows, w, h)).ToArray();
        var (logDensity, influence) = (cat([.. parts.Select(part => part.LogDensity)]), cat([.. parts.Select(part => part.Influence)]));

        var log = logDensity - Math.Log(rest) + at.square().sum(1) / 2 + Math.Log(2 * Math.PI);
        double[] inner = [.. log.clamp(-MostLog, MostLog).exp().data<double>()];
        var density = new double[KernelGrid.Count, KernelGrid.Count];
        for (int i = 0; i < KernelGrid.Count; i++)
            for (int j = 0; j < KernelGrid.Count; j++)
                density[i, j] = inner[Math.Clamp(i - 1, 0, count - 1) * count + Math.Clamp(j - 1, 0, count - 1)];
        KernelGrid.Uniform(density);

        var (a, b) = (Cell.Of(z.select(1, 0), axis), Cell.Of(z.select(1, 1), axis));
        var nearest = (a.Index + a.Share.round().clamp(0, 1).to(int64)) * count + b.Index + b.Share.round().clamp(0, 1).to(int64);
        return (tensor(density, dtype: float64, device: CPU), influence.index_select(0, nearest).clamp_max(1).sum().ToDouble());

        Tensor Whiten(Tensor z) => stack([z.select(1, 0), (z.select(1, 1) - rho * z.select(1, 0)) / rest], dim: 1);
    }

    // With a Gaussian kernel the local likelihood's equations say that the kernel times the local curve has the localized mass f, mean m and covariance V of the data, whence
    // ln curve(0) = ln f + ln |h² I| / 2 - ln |V| / 2 - m^T V^-1 m / 2. The influence of a point on it is the kernel's height over N f times the reproducing kernel at 0 of the quadratics under N(m, V).
    private static (Tensor LogDensity, Tensor Influence) AtNodes(Tensor at, Tensor w, double h)
    {
        using var scope = NewDisposeScope();
        double n = w.size(0), square = h * h;
        double logKernel = -Math.Log(2 * Math.PI * square);
        var exponent = (at.mm(w.t()) - at.square().sum(1, keepdim: true) / 2 - w.square().sum(1) / 2) / square;      // (R, N)
        var top = exponent.amax([1], keepdim: true);
        var weights = exponent.sub_(top).exp_();
        var (first, second) = (w.select(1, 0), w.select(1, 1));
        var sums = weights.mm(stack([ones_like(first), first, second, first.square(), first * second, second.square()], dim: 1));      // (R, 6)
        var mass = sums.select(1, 0);
        var logData = top.squeeze(1) + mass.log() + logKernel - Math.Log(n + 1);

        // The pseudo-observation is N(0, I): localized, it has this mass, mean and variance.
        var logPseudo = at.square().sum(1) / (-2 * (1 + square)) - Math.Log(2 * Math.PI * (1 + square)) - Math.Log(n + 1);
        var logMass = logaddexp(logData, logPseudo);
        var share = (logData - logMass).exp();
        double fall = square / (1 + square);
        var (a, b) = (at.select(1, 0), at.select(1, 1));
        Tensor Raw(int column) => sums.select(1, column) / mass;
        Tensor Mix(Tensor data, Tensor pseudo) => share * data + (1 - share) * pseudo;
        var (rawA, rawB) = (Raw(1), Raw(2));
        var (meanA, meanB) = (Mix(rawA - a, a * -fall), Mix(rawB - b, b * -fall));
        var squareA = Mix(Raw(3) - 2 * a * rawA + a.square(), fall * fall * a.square() + fall);
        var product = Mix(Raw(4) - a * rawB - b * rawA + a * b, fall * fall * a * b);
        var squareB = Mix(Raw(5) - 2 * b * rawB + b.square(), fall * fall * b.square() + fall);

        // Where little data is near, the variance is pulled to the kernel's.
        var trust = (logMass - logKernel).exp() * n;
        trust = trust / (trust + Pull);
        var varianceA = trust * (squareA - meanA.square()) + (1 - trust) * fall;
        var varianceB = trust * (squareB - meanB.square()) + (1 - trust) * fall;
        var covariance = trust * (product - meanA * meanB);
        var determinant = (varianceA * varianceB - covariance.square()).clamp_min(1e-12 * square * square);
        var distance = (varianceB * meanA.square() - 2 * covariance * meanA * meanB + varianceA * meanB.square()) / determinant;
        var influence = (logKernel - logMass).exp() / n * (2 + distance.square() / 2);
        return scope.MoveToOuter(logMass + Math.Log(square) - determinant.log() / 2 - distance / 2, influence);
    }

    private static double Correlation(Tensor z)
    {
        var centered = z - z.mean([0], keepdim: true);
        var (a, b) = (centered.select(1, 0), centered.select(1, 1));
        return ((a * b).sum() / (a.square().sum() * b.square().sum()).sqrt()).ToDouble();
    }
}
