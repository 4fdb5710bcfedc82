using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Training;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

public class MaskEnsembleTests
{
    [Fact]
    public void It_averages_probabilities_and_their_sum_is_one()
    {
        manual_seed(1);
        var (ensemble, made) = Make();
        var all = Cube(5);
        var each = Enumerable.Range(0, 3).Select(set =>
        {
            made.MaskSet = set;
            return Law(made).LogProb(all).exp();
        }).ToArray();
        var mean = ensemble.LogProb(all).exp();
        Assert.InRange(Distance(mean, (each[0] + each[1] + each[2]) / 3), 0, 1e-14);
        Assert.Equal(1, mean.sum().ToDouble(), 1e-12);
        Assert.True(Distance(mean, each[0]) > 1e-3);
    }

    [Fact]
    public void Training_takes_the_mask_sets_in_turns_and_leaves_the_network_s_own_choice()
    {
        manual_seed(1);
        var (ensemble, made) = Make();
        var x = Cube(5);
        made.MaskSet = 2;
        ensemble.train();
        var turns = Enumerable.Range(0, 6).Select(_ => ensemble.LogProb(x)).ToArray();
        Assert.Equal(2, made.MaskSet);
        for (int turn = 0; turn < 3; turn++) Assert.Equal(0, Distance(turns[turn], turns[turn + 3]));
        Assert.True(Distance(turns[0], turns[1]) > 1e-3 && Distance(turns[1], turns[2]) > 1e-3);
        Assert.Equal(0, Distance(Law(made).LogProb(x), turns[2]));
    }

    [Fact]
    public void The_mean_scores_at_least_the_average_of_its_members()
    {
        manual_seed(1);
        var (ensemble, _) = Make();
        var x = Cube(5);
        var mean = ensemble.LogProb(x);
        ensemble.train();
        var average = (ensemble.LogProb(x) + ensemble.LogProb(x) + ensemble.LogProb(x)) / 3;
        Assert.True(mean.ge(average - 1e-12).all().ToBoolean());
    }

    [Fact]
    public void It_learns_in_every_order()
    {
        manual_seed(1);
        var made = new Made(3, 1, [32], maskSets: 4);
        var ensemble = new MaskEnsemble(new Bernoulli(), made);
        var x = tensor(new[] { 0f, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0 }, [4, 3]);
        Trainer.Fit(ensemble, x, options: new() { Steps = 600, LearningRate = 0.03, BatchSize = 4, Threads = 1 });
        for (int set = 0; set < 4; set++)
        {
            made.MaskSet = set;
            Assert.Equal(Math.Log(4), -new Autoregressive(new Bernoulli(), made).LogProb(x).mean().ToDouble(), 0.05);
        }
        Assert.Equal(Math.Log(4), -ensemble.LogProb(x).mean().ToDouble(), 0.05);
    }

    [Fact]
    public void A_network_with_another_number_of_parameters_is_refused() =>
        Assert.Throws<ArgumentException>("network", () => new MaskEnsemble(new Categorical(3), new Made(3, 1, [8])));

    private static (MaskEnsemble Ensemble, Made Made) Make()
    {
        var made = new Made(5, 1, [16], maskSets: 3);
        return (Shaken(new MaskEnsemble(new Bernoulli(), made), 0.6), made);
    }

    private static Autoregressive Law(Made made)
    {
        var law = new Autoregressive(new Bernoulli(), made);
        law.to(float64);
        return law;
    }

    private static Tensor Cube(int features) => cartesian_prod([.. Enumerable.Repeat(arange(2, dtype: float64), features)]);
}
