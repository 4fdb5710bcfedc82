using FlowKit.Training;

namespace FlowKit.Tests.Training;

public sealed class ExperimentTests : IDisposable
{
    [Fact]
    public void The_defaults_are_quick_on_the_cpu_with_seed_0()
    {
        var experiment = Start(null, null, null);
        Assert.Equal((Scale.Quick, DeviceType.CPU, 0), (experiment.Scale, experiment.Device.type, experiment.Seed));
        Assert.True(experiment.Judges);
    }

    [Fact]
    public void The_environment_sets_scale_and_seed_and_torch_is_seeded()
    {
        var experiment = Start("smoke", "cpu", "12");
        var first = randn(3);
        manual_seed(12);
        Assert.Equal(0, Laws.Numeric.Distance(first, randn(3)));
        Assert.Equal(1, experiment.Pick(1, 2, 3));
        Assert.Equal(3, Start("PAPER", "cpu", "12").Pick(1, 2, 3));
    }

    [Theory]
    [InlineData("tiny", null, null, "FLOWKIT_SCALE", "'tiny'")]
    [InlineData("1", null, null, "FLOWKIT_SCALE", "'1'")]
    [InlineData(null, null, "1.5", "FLOWKIT_SEED", "'1.5'")]
    [InlineData(null, "tpu", null, "name", "'tpu'")]
    public void A_setting_that_does_not_parse_is_refused(string? scale, string? device, string? seed, string parameter, string given) =>
        Assert.Contains(given, Assert.Throws<ArgumentException>(parameter, () => Start(scale, device, seed)).Message);

    [Fact]
    public void Broken_claims_are_named_at_quick_and_not_judged_at_smoke()
    {
        var quick = Start("quick", null, null);
        quick.Results.Add(new("good", "nats", 1, Claim: Claim.AtMost(2)));
        Assert.Equal("All 1 claims hold.", quick.AssertClaims());
        quick.Results.Add(new("bad", "bits/dim", 3, Claim: Claim.AtMost(2)));
        quick.Results.Add(new("worse", "nats", double.NaN, Claim: Claim.AtLeast(0)));
        var error = Assert.Throws<ClaimException>(quick.AssertClaims);
        Assert.Equal("bad: claimed <= 2 bits/dim, measured 3; worse: claimed >= 0 nats, measured NaN", error.Message);
        Assert.Equal(2, error.Broken.Count);

        var smoke = Start("smoke", null, null);
        smoke.Results.Add(new("bad", "nats", 3, Claim: Claim.AtMost(2)));
        Assert.Equal("1 claims, not judged at smoke scale.", smoke.AssertClaims());
    }

    [Fact]
    public void A_claim_within_a_tolerance_holds_on_both_sides()
    {
        var claim = Claim.Within(1, 0.1);
        Assert.True(claim.Holds(1.05) && claim.Holds(0.95));
        Assert.False(claim.Holds(1.2) || claim.Holds(0.8) || claim.Holds(double.NaN));
    }

    public void Dispose() => Set(null, null, null);

    private static Experiment Start(string? scale, string? device, string? seed)
    {
        Set(scale, device, seed);
        return Experiment.Start("test");
    }

    private static void Set(string? scale, string? device, string? seed)
    {
        Environment.SetEnvironmentVariable(Experiment.ScaleVariable, scale);
        Environment.SetEnvironmentVariable(Experiment.DeviceVariable, device);
        Environment.SetEnvironmentVariable(Experiment.SeedVariable, seed);
    }
}
