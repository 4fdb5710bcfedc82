using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;

namespace FlowKit.Tests.Training;

public class AngleNoticeTests
{
    private static Dataset Degrees => new(rand(500, 2) * 360);

    public static TheoryData<string> Told => ["torus flow", "one coupling", "autoregressive", "inverse autoregressive", "elementwise", "reordered", "von Mises", "half a turn to either side"];

    [Theory, MemberData(nameof(Told))]
    public void Degrees_are_pointed_out_where_a_model_takes_angles(string name)
    {
        Distribution model = name switch
        {
            "one coupling" => TorusFlow.Create(2, layers: 1),
            "autoregressive" => TorusFlow.Autoregressive(2),
            "inverse autoregressive" => TorusFlow.Autoregressive(2, inverse: true),
            "elementwise" => new Flow(new ElementwiseTransform(new MoebiusMap(), [2]), Uniform.Angles(2)),
            "reordered" => new Flow(new Chain(Permutation.Reverse(2), TorusFlow.Create(2).Transform), Uniform.Angles(2)),
            "von Mises" => new VonMises().Learned(2),
            _ => TorusFlow.Create(2),
        };
        bool isCentered = name == "half a turn to either side";
        var words = AngleNotice.Of(model, isCentered ? new(rand(500, 2) * 360 - 180) : Degrees);
        Assert.Contains(isCentered ? "look like degrees: all lie in [-180, 180]" : "look like degrees: all lie in [0, 360]", words);
        Assert.Contains("Math.PI / 180", words);
    }

    [Fact]
    public void Whole_degrees_are_pointed_out_too() => Assert.NotNull(AngleNotice.Of(TorusFlow.Create(2), new(randint(0, 360, [100, 2]))));

    [Theory, InlineData("radians"), InlineData("radians around zero"), InlineData("many turns"), InlineData("not angles"), InlineData("not a number")]
    public void Nothing_is_said_where_it_would_be_wrong(string name)
    {
        var (model, data) = name switch
        {
            "radians" => (TorusFlow.Create(2), rand(500, 2) * Math.Tau),
            "radians around zero" => (TorusFlow.Create(2), rand(500, 2) * Math.Tau - Math.PI),
            "many turns" => (TorusFlow.Create(2), randn(500, 2) * 1000),
            "not a number" => (TorusFlow.Create(2), full(5, 2, float.NaN)),
            _ => (Maf.Create(2), rand(500, 2) * 360),
        };
        Assert.Null(AngleNotice.Of(model, new(data)));
    }

    [Fact]
    public void A_training_says_so_once()
    {
        manual_seed(1);
        var (before, told) = (Console.Error, new StringWriter());
        Console.SetError(told);
        try
        {
            Trainer.Fit(TorusFlow.Create(2, layers: 1, bins: 2, hidden: [2]), Degrees, Degrees, new FitOptions { Steps = 3, Threads = 1 });
        }
        finally
        {
            Console.SetError(before);
        }
        Assert.StartsWith("'training': the angles look like degrees", Assert.Single(told.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }
}
