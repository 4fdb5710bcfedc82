using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

public class CrossValidationTests
{
    [Fact]
    public void Each_row_is_scored_once_by_a_model_that_has_not_seen_it()
    {
        var x = arange(20, dtype: float64).unsqueeze(1);
        var seen = new List<double[]>();
        var score = CrossValidation.LogLikelihood(x, folds: 4, seed: 0, train =>
        {
            seen.Add(train.flatten().data<double>().ToArray());
            return Double(MultivariateNormal.Fit(train));
        }, standardize: false);
        Assert.Equal(4, seen.Count);
        Assert.All(seen, rows => Assert.Equal(15, rows.Distinct().Count()));
        Assert.Equal(3 * 20, seen.Sum(rows => rows.Length));
        Assert.Equal(20, score.Count);

        double sum = Partition.Folds(20, 4, 0).Sum(fold => Double(MultivariateNormal.Fit(x[fold.Train])).LogProb(x[fold.Test]).sum().ToDouble());
        Assert.Equal(sum / 20, score.Mean, 1e-12);
    }

    [Fact]
    public void Standardized_scores_are_those_of_the_training_rows_units()
    {
        manual_seed(1);
        var x = randn(60, 2, float64) * 5 + 3;
        var raw = CrossValidation.LogLikelihood(x, 5, 0, train => Double(MultivariateNormal.Fit(train)), standardize: false);
        var scaled = CrossValidation.LogLikelihood(x, 5, 0, train => Double(MultivariateNormal.Fit(train)));
        double moved = Partition.Folds(60, 5, 0).Average(fold => x[fold.Train].std(0, unbiased: false).log().sum().ToDouble());
        Assert.Equal(raw.Mean + moved, scaled.Mean, 1e-10);
    }

    [Fact]
    public void A_column_that_is_constant_is_refused_by_name()
    {
        var x = cat([randn(20, 1), ones(20, 1)], 1);
        Assert.Contains("constant in features 1", Assert.Throws<ArgumentException>("x", () => CrossValidation.LogLikelihood(x, 4, 0, MultivariateNormal.Fit)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("folds", () => CrossValidation.LogLikelihood(randn(5, 2), 6, 0, MultivariateNormal.Fit));
    }

    [Fact]
    public void A_column_that_is_constant_in_the_training_rows_of_a_fold_is_refused_by_name()
    {
        using var none = no_grad();
        var x = randn(20, 2);
        x.select(1, 1).fill_(1).narrow(0, 3, 1).fill_(2);
        Assert.Contains("constant in features 1", Assert.Throws<ArgumentException>("x", () => CrossValidation.LogLikelihood(x, 20, 0, MultivariateNormal.Fit)).Message);
    }

    private static Distribution Double(Distribution law)
    {
        law.to(float64);
        return law;
    }
}
