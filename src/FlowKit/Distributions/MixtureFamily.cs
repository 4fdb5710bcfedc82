namespace FlowKit.Distributions;

/// <summary>A mixture of K members of a family in every element: p(x) = sum of w_k p(x; theta_k), w = softmax(l). theta = (l_1..l_K, then K of each parameter).</summary>
/// <remarks>
/// <para>Elements mix independently; <see cref="Mixture"/> mixes whole events. A mixture of discretized logistics is <c>new MixtureFamily(new DiscretizedLogistic(256), 5)</c>.</para>
/// <para>Components that start alike would learn alike: component k's first parameter has 2 ((2k + 1) / K - 1) added, so that at theta = 0 they are spread over (-2, 2).</para>
/// <para>Draws carry no gradient: the choice of a component has none.</para>
/// </remarks>
/// <param name="Component">The family mixed.</param>
/// <param name="Components">K >= 1.</param>
/// <example><code>
/// // Five logistics a pixel over 256 gray levels: the output law of PixelCNN++.
/// manual_seed(0);
/// var family = new MixtureFamily(new DiscretizedLogistic(256), Components: 5);
/// Console.WriteLine(family.ParameterCount);  // => 15
/// var image = family.Learned(1, 8, 8);
/// Console.WriteLine(image.Sample(4));        // => [4x1x8x8], type = Float32, device = cpu
/// </code></example>
public sealed record MixtureFamily(Family Component, int Components) : Family
{
    /// <summary>The family mixed.</summary>
    public Family Component { get; init; } = Component ?? throw new ArgumentNullException(nameof(Component));

    /// <summary>K >= 1.</summary>
    public int Components { get; init; } = Components >= 1 ? Components : throw new ArgumentOutOfRangeException(nameof(Components), Components, "Expected at least 1 component.");

    /// <inheritdoc/>
    public override int ParameterCount => Components * (1 + Component.ParameterCount);

    /// <inheritdoc/>
    public override bool IsDiscrete => Component.IsDiscrete;

    /// <summary>As the family mixed does.</summary>
    /// <inheritdoc/>
    public override Tensor Encode(Tensor x) => Component.Encode(x);

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor x, Tensor theta)
    {
        var logWeights = theta.narrow(1, 0, Components).log_softmax(1);       // (B, K, ...)
        return SpecialFunctions.LogSumExp(logWeights + Each(x, theta), 1);
    }

    /// <inheritdoc/>
    public override Tensor Sample(Tensor theta)
    {
        using var none = no_grad();
        var logits = theta.narrow(1, 0, Components);
        var chosen = (logits + Noise.Gumbel(logits)).argmax(1).unsqueeze(1);  // (B, 1, ...)
        var all = Enumerable.Range(0, Components).Select(k => Component.Sample(Parameters(theta, k)));
        return stack(all, dim: 1).gather(1, chosen).squeeze(1);
    }

    /// <inheritdoc/>
    protected internal override (Tensor Below, Tensor Above) LogTails(Tensor x, Tensor theta)
    {
        var logWeights = theta.narrow(1, 0, Components).log_softmax(1);
        (Tensor Below, Tensor Above)[] all = [.. Enumerable.Range(0, Components).Select(k => Component.LogTails(x, Parameters(theta, k)))];
        return (Mean(all.Select(one => one.Below)), Mean(all.Select(one => one.Above)));

        // 1 where all are, so that rounding of the weights does not show.
        Tensor Mean(IEnumerable<Tensor> logs)
        {
            var each = stack(logs, dim: 1);
            return SpecialFunctions.LogSumExp(logWeights + each, 1).clamp_max(0).masked_fill(each.eq(0).all(1), 0);
        }
    }

    /// <inheritdoc/>
    protected internal override Tensor QuantileCore(Tensor p, Tensor theta, bool upper)
    {
        // It lies between the least and the greatest of the components' quantiles.
        var (low, high) = Bounds(p);
        if (IsDiscrete) return LeastWhole.Quantile(this, p, theta, upper, low - 1, high);

        var known = low.eq(high);                                             // as the ends of the support are
        var inner = p.masked_fill(known, 0.5);
        var (first, last) = Bounds(inner);
        return where(known, low, OfLogit(inner, upper, 0, 0, logit => QuantileSolver.Solve(Law, logit, first, last)));

        (Tensor Low, Tensor High) Bounds(Tensor p)
        {
            using var none = no_grad();
            var each = stack(Enumerable.Range(0, Components).Select(k => Component.QuantileCore(p, Parameters(theta, k), upper)), dim: 1);
            return (each.amin([1]), each.amax([1]));
        }

        (Tensor, Tensor, Tensor) Law(Tensor x)
        {
            var (below, above) = LogTails(x, theta);
            return (below, above, LogProb(x, theta));
        }
    }

    internal override Tensor? ScaleMeanGradient(Tensor theta) => Component is not LocationScaleFamily family ? null : cat(
        [
            theta.narrow(1, 0, Components),
            ScaledGradient(theta.narrow(1, Components, Components), family.ScaleOf(theta.narrow(1, 2 * Components, Components).clamp(-MaxLog, MaxLog))),
            theta.narrow(1, 2 * Components, theta.size(1) - 2 * Components),
        ], dim: 1);

    // Equal weights: the values in order, in K parts of one size, a component for each. Parts of a value that is frequent are alike; other scales keep their components apart.
    internal override Tensor StartFor(Tensor values)
    {
        var ordered = values.sort(dim: 0).Values;
        Tensor[] each = [.. Enumerable.Range(0, Components).Select(k =>
        {
            long first = k * values.size(0) / Components, end = Math.Max(first + 1, (k + 1) * values.size(0) / Components);
            return Component.StartFor(ordered.narrow(0, first, end - first));
        })];                                                                  // (P, ...) of each component
        return cat([zeros_like(each[0].narrow(0, 0, 1)).expand([Components, .. values.shape[1..]]), .. Enumerable.Range(0, Component.ParameterCount).Select(Own)], dim: 0);

        Tensor Own(int i) => stack([.. each.Select((one, k) => one[i] + Offset(k) * (i == 0 ? -1 : Component.MovesWithValues(i) ? 0 : 0.25))], dim: 0);
    }

    internal override bool MovesWithValues(int parameter) => parameter >= Components && Component.MovesWithValues(parameter / Components - 1);

    // ln p(x; theta_k) of every component, (B, K, ...): the components as rows of one batch, which costs no more calls than one of them.
    private Tensor Each(Tensor x, Tensor theta)
    {
        long[] elements = x.shape[1..];
        var own = theta.narrow(1, Components, Components * Component.ParameterCount).expand([x.size(0), Components * Component.ParameterCount, .. elements]);
        var spread = tensor(Enumerable.Range(0, Components).Select(Offset).ToArray(), [1, 1, Components, .. elements.Select(_ => 1L)], dtype: theta.dtype, device: theta.device);
        var (first, rest) = (own.narrow(1, 0, Components).unsqueeze(1) + spread, own.narrow(1, Components, Components * (Component.ParameterCount - 1)));
        var all = cat([first, rest.view([x.size(0), Component.ParameterCount - 1, Components, .. elements])], dim: 1).transpose(1, 2).flatten(0, 1);       // (B K, P, ...)
        var rows = x.unsqueeze(1).expand([x.size(0), Components, .. elements]).flatten(0, 1);                                     // (B K, ...)
        return Component.LogProb(rows, all).view([x.size(0), Components, .. elements]);
    }

    /// <summary>What is added to the first parameter of component k.</summary>
    internal double Offset(int k) => 2 * ((2.0 * k + 1) / Components - 1);

    // theta_k, (B, P, ...).
    private Tensor Parameters(Tensor theta, int k)
    {
        double spread = Offset(k);
        var own = Enumerable.Range(0, Component.ParameterCount).Select(i => At(theta, Components * (1 + i) + k));
        return stack(own.Select((one, i) => i == 0 && spread != 0 ? one + spread : one), dim: 1);
    }
}
