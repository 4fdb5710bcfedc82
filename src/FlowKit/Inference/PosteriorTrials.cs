namespace FlowKit.Inference;

/// <summary>Trials of a posterior: truths (N, D) that the prior drew, and for each L draws of the posterior given what its truth produced, (N, L, D).</summary>
internal static class PosteriorTrials
{
    /// <exception cref="ArgumentException">There are fewer than two trials or draws, they do not fit, or a number is not finite.</exception>
    public static void Check(Tensor truth, Tensor draws)
    {
        Guard.Number(truth);
        Guard.Number(draws);
        if (truth.Dimensions != 2 || truth.size(0) < 2 || truth.size(1) == 0)
            throw new ArgumentException($"truth has shape {Guard.Describe(truth)}; expected (N, D): N >= 2 trials of D >= 1 parameters.", nameof(truth));
        if (draws.Dimensions != 3 || draws.size(0) != truth.size(0) || draws.size(1) < 2 || draws.size(2) != truth.size(1))
            throw new ArgumentException($"draws has shape {Guard.Describe(draws)}; expected ({truth.size(0)}, L, {truth.size(1)}) with L >= 2 draws a trial, as truth has shape {Guard.Describe(truth)}.", nameof(draws));
        Guard.Finite(truth);
        Guard.Finite(draws);
    }

    /// <summary>How many of each row's values are less than its own, (N) of 0..L; equal ones count as less at random.</summary>
    /// <param name="own">(N).</param>
    /// <param name="values">(N, L).</param>
    /// <param name="seed">Decides between equal ones.</param>
    public static long[] Ranks(Tensor own, Tensor values, int seed)
    {
        using var scope = NewDisposeScope();
        var one = own.unsqueeze(1);
        long[] less = values.lt(one).sum(1).cpu().data<long>().ToArray(), equal = values.eq(one).sum(1).cpu().data<long>().ToArray();
        var random = new Random(seed);
        return [.. less.Zip(equal, (below, ties) => ties == 0 ? below : below + random.NextInt64(ties + 1))];
    }
}
