using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

public class SphereNoticeTests
{
    private static readonly Tensor X = nn.functional.normalize(randn(200, 3));

    public static TheoryData<string> Models => ["flow", "axes", "mixture"];

    [Theory, MemberData(nameof(Models))]
    public void Data_off_the_sphere_are_refused_with_their_norm(string name)
    {
        var off = X.clone();
        off[7] = off[7] * 2;
        var model = Make(name);
        Assert.Contains("has norm 2 in row 7; expected points of the unit sphere, norm 1", Assert.Throws<ArgumentException>("train", () => Fit(model, off, X)).Message);
        Assert.Contains("has norm 2 in row 7", Assert.Throws<ArgumentException>("validation", () => Fit(model, X, off)).Message);
        Assert.Throws<ArgumentException>("source", () => Trainer.Fit(model, new StandardNormal(3), new FitOptions { Steps = 3, Threads = 1 }));
        Assert.Equal(double.PositiveInfinity, Trainer.NegativeLogLikelihood(model, off).Mean);
    }

    [Fact]
    public void Points_that_were_rounded_are_named_once_and_projected()
    {
        var rounded = (X * 1e4).round() / 1e4;
        string line = Assert.Single(Told(() => Fit(Make("flow"), rounded, rounded)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("'training': norms of the data differ from 1 by up to ", line);
        Assert.Contains("divided by its norm", line);
    }

    [Fact]
    public void Nothing_is_said_of_points_of_the_sphere_or_of_models_that_live_elsewhere()
    {
        Assert.Equal("", Told(() => Fit(Make("flow"), X, X)));
        Assert.Null(SphereNotice.Of(RealNvp.Create(3), X * 0.5));
        Assert.Null(SphereNotice.Of(TorusFlow.Create(3), X.abs()));
    }

    private static Distribution Make(string name) => name switch
    {
        "flow" => SphereFlow.Recursive(2, bins: 4, hidden: [4]),
        "axes" => new AntipodalDistribution(SphereFlow.Recursive(2, bins: 4, hidden: [4])),
        _ => Mixture.Learned(SphereFlow.Recursive(2, bins: 4, hidden: [4]), new UniformSphere(2)),
    };

    private static void Fit(Distribution model, Tensor train, Tensor validation) => Trainer.Fit(model, new Dataset(train), new Dataset(validation), new FitOptions { Steps = 3, Threads = 1 });

    private static string Told(Action act)
    {
        var (before, told) = (Console.Error, new StringWriter());
        Console.SetError(told);
        try
        {
            act();
        }
        finally
        {
            Console.SetError(before);
        }
        return told.ToString();
    }
}
