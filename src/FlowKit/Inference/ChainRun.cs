using FlowKit.Transforms;

namespace FlowKit.Inference;

/// <summary>What chains of Metropolis and Hastings share: acceptance, adaption of the step, thinning, wrapping and checks.</summary>
internal static class ChainRun
{
    private const long MostNumbers = 1L << 29;        // kept draws: 4 GB in float64

    /// <summary>A proposal z' for each z, (B, D), with the step to take, and ln of how likely its way back is beside the way there, (B), less the ratio of the densities.</summary>
    public delegate (Tensor Next, Tensor LogRatio) Proposal(Func<Tensor, Tensor> logDensity, Tensor z, double step);

    /// <summary>Runs the chains.</summary>
    public static MarkovChains Of(Func<Tensor, Tensor> logDensity, Tensor start, ChainOptions options, double targetAcceptance, Proposal propose)
    {
        ArgumentNullException.ThrowIfNull(logDensity);
        Guard.Number(start);
        if (start.Dimensions != 2 || start.numel() == 0) throw new ArgumentException($"start has shape {Guard.Describe(start)}; expected (B, D), one row a chain.", nameof(start));
        Guard.Floating(start, nameof(MarkovChains), float32);
        Guard.Finite(start);
        options.Check();
        if (options.Draws * start.numel() > MostNumbers)
            throw new ArgumentException($"{options.Draws} draws of {start.size(0)} chains in {start.size(1)} dimensions are {options.Draws * start.numel()} numbers to keep; at most {MostNumbers} are.", nameof(options));

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var draws = empty([options.Draws, start.size(0), start.size(1)], dtype: start.dtype, device: start.device);
        var z = Wrapped(start.detach().clone());
        var logP = LogDensity(z);
        if (logP.isfinite().logical_not().nonzero() is var lost && lost.size(0) > 0)
            throw new ArgumentException($"logDensity is {logP[lost[0, 0].ToInt64()].ToDouble()} where chain {lost[0, 0].ToInt64()} starts; expected starts where there is mass.", nameof(start));

        double target = options.TargetAcceptance ?? targetAcceptance, logStep = Math.Log(options.Step), kept = 0, acceptance = 0;
        long transitions = (long)options.Draws * options.Thin;
        for (long t = -options.WarmUp; t < transitions; t++)
        {
            using var call = NativeMemory.Enter();
            using var inner = NewDisposeScope();
            var (next, logRatio) = propose(LogDensity, z, Math.Exp(logStep));
            next = Wrapped(next);
            var nextLogP = LogDensity(next);
            logRatio = (logRatio + nextLogP - logP).nan_to_num(nan: double.NegativeInfinity, posinf: double.PositiveInfinity, neginf: double.NegativeInfinity).clamp_max(0);
            var taken = rand_like(logP).log().lt(logRatio);
            z.copy_(where(taken.unsqueeze(1), next, z));
            logP.copy_(where(taken, nextLogP, logP));

            double mean = logRatio.exp().mean().ToDouble();
            if (t >= 0)
            {
                acceptance += mean / transitions;
                if ((t + 1) % options.Thin == 0) draws.select(0, t / options.Thin).copy_(z);
            }
            else if (target > 0)
            {
                long done = t + options.WarmUp + 1, first = options.WarmUp / 2;
                logStep += (mean - target) * Math.Pow(done, -0.6);
                if (done > first) kept += (logStep - kept) / (done - first);
                if (t == -1) logStep = kept;
            }
        }
        return new(scope.MoveToOuter(draws), acceptance, Math.Exp(logStep));

        Tensor Wrapped(Tensor x) => options.IsTorus ? CircleMap.Wrap(x) : x;

        Tensor LogDensity(Tensor x)
        {
            var at = Wrapped(x);
            var value = Guard.Made(logDensity(at), nameof(logDensity));
            if (value.Dimensions != 1 || value.size(0) != x.size(0))
                throw new ArgumentException($"logDensity gave shape {Guard.Describe(value)} for {x.size(0)} points; expected ({x.size(0)},).", nameof(logDensity));
            Objectives.CheckLogDensity(at, value, nameof(logDensity));
            return value;
        }
    }
}
