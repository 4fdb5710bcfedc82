using FlowKit.Experiments;
using FlowKit.Training;

namespace FlowKit.Tests.Experiments;

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
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(first, randn(3)));
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

    [Fact]
    public void A_setting_is_the_notebooks_own_until_somebody_says_otherwise()
    {
        Environment.SetEnvironmentVariable(Experiment.CommandLineVariable, "seed,lr");
        var experiment = Start(null, null, "5", """{"lr": "1e-4", "layers": 8, "deep": true, "kind": "quick", "note": "a, b"}""");
        Assert.Equal(1e-4, experiment.Setting("lr", 1e-3));
        Assert.Equal(8, experiment.Setting("layers", 4));
        Assert.True(experiment.Setting("deep", false));
        Assert.Equal(Scale.Quick, experiment.Setting("kind", Scale.Paper));
        Assert.Equal("a, b", experiment.Setting("note", ""));
        Assert.Equal(7L, experiment.Setting("steps", 7L));
        Assert.Equal(
            ["scale=quick Default", "device=cpu Default", "seed=5 CommandLine", "lr=0.0001 CommandLine", "layers=8 Environment", "deep=true Environment", "kind=Quick Environment", "note=a, b Environment", "steps=7 Notebook"],
            experiment.Settings.Select(setting => $"{setting.Name}={setting.Value} {setting.Origin}"));
        Assert.Empty(experiment.UnusedSettings);
        Assert.Superset(new HashSet<string> { "lr", "layers", "steps" }, TrainingHost.DeclaredSettings.ToHashSet());
    }

    [Theory]
    [InlineData("1.5", "a whole number of 32 bits")]
    [InlineData("true", "a whole number of 32 bits")]
    [InlineData("\"\"", "a whole number of 32 bits")]
    [InlineData("99999999999", "a whole number of 32 bits")]
    public void A_number_that_does_not_parse_is_refused(string json, string expected) =>
        Assert.Contains($"The setting 'x' is {expected}; FLOWKIT_SET says '{json.Trim('"')}'.", Assert.Throws<ArgumentException>("x", () => Start(null, null, null, $$"""{"x": {{json}}}""").Setting("x", 1)).Message);

    [Fact]
    public void A_word_that_is_none_of_an_enum_is_refused()
    {
        var experiment = Start(null, null, null, """{"x": "huge", "y": "yes", "z": 1}""");
        Assert.Contains("is one of Smoke, Quick, Paper; FLOWKIT_SET says 'huge'.", Assert.Throws<ArgumentException>("x", () => experiment.Setting("x", Scale.Quick)).Message);
        Assert.Contains("is true or false", Assert.Throws<ArgumentException>("y", () => experiment.Setting("y", true)).Message);
        Assert.Throws<ArgumentException>("z", () => experiment.Setting("z", Scale.Quick));
        Assert.Contains("it was Single", Assert.Throws<ArgumentException>("T", () => experiment.Setting("x", 1f)).Message);
        Assert.Throws<ArgumentException>("name", () => experiment.Setting("seed", 1));
    }

    [Theory]
    [InlineData("lr=3")]
    [InlineData("[1]")]
    [InlineData("{\"a\": [1]}")]
    [InlineData("{\"a\": 1, \"a\": 2}")]
    public void Settings_that_are_no_object_are_refused(string text) =>
        Assert.Contains($"it was '{text}'", Assert.Throws<ArgumentException>(Experiment.SettingsVariable, () => Start(null, null, null, text)).Message);

    [Fact]
    public void A_setting_nobody_asked_for_is_said_with_the_claims()
    {
        var experiment = Start(null, null, null, """{"lr": 1, "layres": 8}""");
        experiment.Setting("lr", 1.0);
        Assert.Equal(["layres"], experiment.UnusedSettings);
        Assert.Equal("All 0 claims hold. Settings nobody asked for: layres.", experiment.AssertClaims());
    }

    [Fact]
    public void Results_are_written_as_tables_with_every_setting()
    {
        using var scratch = new Scratch();
        Environment.SetEnvironmentVariable(Experiment.ResultsVariable, scratch["results"]);
        var experiment = Start("quick", null, "3", """{"lr": 0.5}""");
        experiment.Setting("lr", 1.0);
        experiment.Results.Add(new("bits, \"clean\"", "bits/dim", 3.25, 0.5, Paper: 3.5, Confidence: "verified", Truth: 3, Claim: Claim.AtMost(3)));
        experiment.Results.Add(new("a|b", "", 1.0 / 3));
        Assert.Throws<ClaimException>(experiment.AssertClaims);
        Assert.Equal(["chapter-2-realnvp.csv", "chapter-2-realnvp.md"], Directory.GetFiles(scratch["results"]).Select(Path.GetFileName).Order());
        Assert.Equal(""""
            experiment,scale,device,seed,lr,quantity,unit,paper,confidence,truth,ours,standard_error,claim,verdict
            Chapter 2: RealNVP!,quick,cpu,3,0.5,"bits, ""clean""",bits/dim,3.5,verified,3,3.25,0.5,<= 3,broken
            Chapter 2: RealNVP!,quick,cpu,3,0.5,a|b,,,,,0.3333333333333333,,,

            """".ReplaceLineEndings("\n"), File.ReadAllText(scratch["results/chapter-2-realnvp.csv"]));
        string markdown = File.ReadAllText(scratch["results/chapter-2-realnvp.md"]);
        Assert.StartsWith("# Chapter 2: RealNVP!\n\n| setting | value | origin |\n| --- | --- | --- |\n| scale | quick | environment |\n| device | cpu | default |\n| seed | 3 | environment |\n| lr | 0.5 | environment |\n\n", markdown);
        Assert.Contains("| bits, \"clean\" (bits/dim) | 3.5 (verified) | 3 | 3.25 ± 0.5 | <= 3 | broken |\n| a\\|b |  |  | 0.333333 |  |  |\n", markdown);
    }

    public void Dispose()
    {
        Set(null, null, null);
        foreach (string variable in new[] { Experiment.SettingsVariable, Experiment.CommandLineVariable, Experiment.ResultsVariable }) Environment.SetEnvironmentVariable(variable, null);
    }

    private static Experiment Start(string? scale, string? device, string? seed, string? settings = null)
    {
        Set(scale, device, seed);
        Environment.SetEnvironmentVariable(Experiment.SettingsVariable, settings);
        return Experiment.Start("Chapter 2: RealNVP!");
    }

    private static void Set(string? scale, string? device, string? seed)
    {
        Environment.SetEnvironmentVariable(Experiment.ScaleVariable, scale);
        Environment.SetEnvironmentVariable(Experiment.DeviceVariable, device);
        Environment.SetEnvironmentVariable(Experiment.SeedVariable, seed);
    }
}
