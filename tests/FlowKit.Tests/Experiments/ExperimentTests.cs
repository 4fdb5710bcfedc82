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
            experiment,scale,device,seed,lr,quantity,unit,paper,confidence,truth,ours,standard_error,claim,verdict,tests,contradicts,without_training
            Chapter 2: RealNVP!,quick,cpu,3,0.5,"bits, ""clean""",bits/dim,3.5,verified,3,3.25,0.5,<= 3,broken,,,
            Chapter 2: RealNVP!,quick,cpu,3,0.5,a|b,,,,,0.3333333333333333,,,,,,

            """".ReplaceLineEndings("\n"), File.ReadAllText(scratch["results/chapter-2-realnvp.csv"]));
        string markdown = File.ReadAllText(scratch["results/chapter-2-realnvp.md"]);
        Assert.StartsWith("# Chapter 2: RealNVP!\n\n| setting | value | origin |\n| --- | --- | --- |\n| scale | quick | environment |\n| device | cpu | default |\n| seed | 3 | environment |\n| lr | 0.5 | environment |\n\n", markdown);
        Assert.Contains("| bits, \"clean\" (bits/dim) | 3.5 (verified) | 3 | 3.25 ± 0.5 | <= 3 | broken |\n| a\\|b |  |  | 0.333333 |  |  |\n", markdown);
    }

    [Fact]
    public void A_claim_between_two_bounds_holds_on_both_sides()
    {
        var claim = Claim.Between(2.942, 2.975);
        Assert.Equal("2.942 to 2.975", claim.Text);
        Assert.True(claim.Holds(2.942) && claim.Holds(2.975));
        Assert.False(claim.Holds(2.941) || claim.Holds(2.976) || claim.Holds(double.NaN));
        Assert.Throws<ArgumentException>("low", () => Claim.Between(2, 1));
    }

    [Fact]
    public void Steps_follow_the_scale_and_two_settings_reach_all_of_them()
    {
        Assert.Equal(200, Start("quick", null, null).Steps(smoke: 2, quick: 200, paper: 20_000));
        Assert.Throws<ArgumentOutOfRangeException>("quick", () => Start("quick", null, null).Steps(smoke: 1, quick: 0, paper: 1));

        var cut = Start("quick", null, null, """{"Steps": 20}""");
        Assert.True(cut.Judges);
        Assert.Equal((20, 5), (cut.Steps(2, 200, 20_000), cut.Steps(2, 5, 5)));
        Assert.False(cut.Judges);
        Assert.Equal("Steps=20 Environment", Assert.Single(cut.Settings.Where(setting => setting.Name == "Steps").Select(setting => $"{setting.Name}={setting.Value} {setting.Origin}")));
        cut.Results.Add(new("bad", "nats", 3, Claim: Claim.AtMost(2)));
        Assert.Equal("1 claims, not judged with trainings cut short at 20 steps.", cut.AssertClaims());
        Assert.Contains("is at least 1; it was 0", Assert.Throws<ArgumentException>("Steps", () => Start("quick", null, null, """{"Steps": 0}""").Steps(1, 1, 1)).Message);

        var untrained = Start("quick", null, null, """{"Untrained": true}""");
        Assert.True(untrained.Untrained && untrained.Judges);
        Assert.Equal(0, untrained.Steps(2, 200, 20_000));
        Assert.Contains("is true or false", Assert.Throws<ArgumentException>("Untrained", () => Start("quick", null, null, """{"Untrained": "no"}""")).Message);
    }

    [Fact]
    public void Without_training_a_claim_about_learning_must_fail()
    {
        var experiment = Start("quick", null, null, """{"Untrained": true}""");
        experiment.Results.Add(new("test NLL", "nats", 9, Claim: Claim.AtMost(2)));
        experiment.Results.Add(new("floor", "nats", 9, Claim: Claim.AtLeast(2.9), WithoutTraining: "A theorem: it holds for every model."));
        Assert.Equal("Without training 1 of 2 claims fail, among them all that are about learning. 1 hold:\n  floor: A theorem: it holds for every model.", experiment.AssertClaims());

        experiment.Results.Add(new("no number", "nats", double.NaN, Claim: Claim.AtMost(2)));
        Assert.Equal("no number: without training, still <= 2 nats, measured NaN", Assert.Throws<ClaimException>(experiment.AssertClaims).Message);
        experiment = Start("quick", null, null, """{"Untrained": true}""");

        experiment.Results.Add(new("too easy", "nats", 1, Claim: Claim.AtMost(2)));
        var error = Assert.Throws<ClaimException>(experiment.AssertClaims);
        Assert.Equal("too easy: without training, still <= 2 nats, measured 1", error.Message);
        Assert.Equal("too easy", Assert.Single(error.Broken).Quantity);
    }

    [Fact]
    public void Verdicts_follow_from_the_results()
    {
        var experiment = Start("quick", null, null);
        foreach (int number in new[] { 1, 2, 3 }) experiment.Claims.Add(new($"C{number}", "A statement.", "Table 1"));
        experiment.Claims.Add(new("C4", "A statement.", "Table 1", NotTested: "too large"));
        experiment.Claims.Add(new("C5", "A statement.", "Table 1", NotTested: "too large"));
        experiment.Results.Add(new("for both", "nats", 1, Claim: Claim.AtMost(2), Tests: "C1, C2"));
        experiment.Results.Add(new("against", "nats", 1, Claim: Claim.AtMost(2), Tests: "C2,C3", Contradicts: true));
        experiment.Results.Add(new("no promise", "nats", 1, Tests: "C3"));
        experiment.Results.Add(new("a part", "nats", 1, Claim: Claim.AtMost(2), Tests: "C4"));
        Assert.Equal([Verdict.Holds, Verdict.HoldsInPart, Verdict.DoesNotHold, Verdict.HoldsInPart, Verdict.NotTested], experiment.Claims.Select(claim => experiment.Claims.VerdictOn(claim.Number)));
        Assert.Equal(["for both", "against"], experiment.Claims.ResultsFor("C2").Select(row => row.Quantity));
        Assert.Equal("All 3 claims hold.", experiment.AssertClaims());
        Assert.Contains("| C4: A statement. | Table 1 | holds in part; not tested: too large |\n| C5: A statement. | Table 1 | not tested: too large |\n", experiment.ToMarkdown());

        experiment.Results.Add(new("broken", "nats", 3, Claim: Claim.AtMost(2), Tests: "C1"));
        Assert.Equal(Verdict.NotShown, experiment.Claims.VerdictOn("C1"));

        Assert.Throws<ArgumentException>("number", () => experiment.Claims.VerdictOn("C9"));
        Assert.Contains("a claim C1 already", Assert.Throws<ArgumentException>("claim", () => experiment.Claims.Add(new("C1", "Another.", "Table 2"))).Message);
        Assert.Throws<ArgumentException>("Source", () => experiment.Claims.Add(new("C6", "Another.", "")));
    }

    [Fact]
    public void Claims_and_results_must_refer_to_each_other()
    {
        var experiment = Start("smoke", null, null);
        experiment.Claims.Add(new("C1", "A statement.", "Table 1"));
        Assert.Contains("C1 has no result", Assert.Throws<InvalidOperationException>(experiment.AssertClaims).Message);
        experiment.Results.Add(new("x", "", 1, Claim: Claim.AtMost(0), Tests: "C1"));
        Assert.Equal((Verdict.NotJudged, "1 claims, not judged at smoke scale."), (experiment.Claims.VerdictOn("C1"), experiment.AssertClaims()));
        experiment.Results.Add(new("y", "", 1, Claim: Claim.AtMost(2), Tests: "C7"));
        Assert.Contains("'y' tests C7, which is not among the claims C1", Assert.Throws<InvalidOperationException>(experiment.AssertClaims).Message);
    }

    [Fact]
    public void A_figure_of_the_paper_says_where_it_stands_and_whether_it_compares()
    {
        var experiment = Start("quick", null, null);
        experiment.Paper.Add(new("CIFAR-10", "Table 1", 3.49, "bits/dim", "verified", Comparable: "no: other data", Ours: 3.8, StandardError: 0.02));
        experiment.Paper.Add(new("CelebA", "Table 1", 3.02, "bits/dim", "from memory", Comparable: "no"));
        Assert.Contains("| CIFAR-10 (bits/dim) | Table 1 | 3.49 (verified) | 3.8 ± 0.02 | no: other data |\n| CelebA (bits/dim) | Table 1 | 3.02 (from memory) |  | no |\n", experiment.ToMarkdown());

        Refused("\"sure\"", new("x", "Table 1", 1, "", "sure", "no"));
        Refused("\"maybe\"", new("x", "Table 1", 1, "", "verified", "maybe", Ours: 1));
        Refused("\"nothing like it\"", new("x", "Table 1", 1, "", "verified", "nothing like it", Ours: 1));
        Refused("Without a figure of ours", new("x", "Table 1", 1, "", "verified", "yes"));
        Refused("", new("x", "", 1, "", "verified", "no"));

        void Refused(string because, PaperFigure row) => Assert.Contains(because, Assert.ThrowsAny<ArgumentException>(() => experiment.Paper.Add(row)).Message);
    }

    [Fact]
    public void Truths_are_the_results_that_have_one()
    {
        var experiment = Start("quick", null, null);
        experiment.Results.Add(new("entropy", "nats", 2.84, 0.01, Truth: 2.82));
        experiment.Results.Add(new("mass", "", 1.5, Truth: 1));
        experiment.Results.Add(new("bits", "bits/dim", 3));
        Assert.Equal(["entropy", "mass"], experiment.Truths.Select(row => row.Quantity));
        Assert.Equal(2, TruthTable.Distance(experiment.Truths[0])!.Value, 1e-9);
        Assert.Null(TruthTable.Distance(experiment.Truths[1]));
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
