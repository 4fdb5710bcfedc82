namespace FlowKit.Cli.Tests;

public sealed class SweepGridTests
{
    [Fact]
    public void Every_value_meets_every_other_and_the_seeds_of_a_setting_stand_together()
    {
        var grid = SweepGrid.Parse(["lr=1e-3,1e-4", "mode=a=b"], "1..2,7");
        Assert.Equal(
            ["lr=1e-3,mode=a=b,seed=1", "lr=1e-3,mode=a=b,seed=2", "lr=1e-3,mode=a=b,seed=7", "lr=1e-4,mode=a=b,seed=1", "lr=1e-4,mode=a=b,seed=2", "lr=1e-4,mode=a=b,seed=7"],
            grid.Points.Select(point => point.Name));
        Assert.Equal(["seed=-2", "seed=-1", "seed=0"], SweepGrid.Parse([], "-2..0").Points.Select(point => point.FolderName));
    }

    [Theory]
    [InlineData("lr=", "1", "--set lr is given values between commas, as in --set lr=1e-3,1e-4; it was 'lr='.")]
    [InlineData("lr=1,,2", "1", "it was 'lr=1,,2'.")]
    [InlineData("lr=1,2,1", "1", "--set lr gives the value '1' twice.")]
    [InlineData("lr=1", "5..1", "--seeds 5..1 is empty: a range goes upwards.")]
    [InlineData("lr=1", "", "--seeds is whole numbers and ranges, as in --seeds 1..5 or --seeds 1,2,8; it was ''.")]
    [InlineData("lr=1", "1..2..3", "it was '1..2..3'.")]
    [InlineData("lr=1", "one", "it was 'one'.")]
    [InlineData("lr=1", "1..3,2", "--seeds gives a seed twice; it was '1..3,2'.")]
    [InlineData("lr=1", "1..9223372036854775807", "are more than 10,000 seeds.")]
    [InlineData("lr=1,2", "1..9000", "The grid has 18,000 runs; the most allowed are 10,000.")]
    public void What_is_no_grid_is_refused(string set, string seeds, string message) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => SweepGrid.Parse([set], seeds)).Message);

    [Fact]
    public void A_folder_has_the_name_of_its_run_or_one_that_no_other_run_has()
    {
        Assert.Equal("lr=1e-3,seed=1", Folder("1e-3"));
        string slash = Folder("a/b"), star = Folder("a*b"), longest = Folder(new string('x', 300));
        Assert.StartsWith("lr=a_b,seed=1-", slash);
        Assert.NotEqual(slash, star);
        Assert.InRange(longest.Length, 1, 120);
        Assert.NotEqual(longest, Folder(new string('x', 301)));

        static string Folder(string value) => new SweepPoint([new("lr", value)], 1).FolderName;
    }

    [Fact]
    public void A_mean_has_the_standard_error_of_its_seeds()
    {
        var quantity = new SweepQuantity([], new Dictionary<string, string>(), [1, 2, 6], 0, 0);
        Assert.Equal(3, quantity.Mean);
        Assert.Equal(Math.Sqrt((4 + 1 + 9) / 2.0 / 3), quantity.StandardError!.Value, 1e-15);
        Assert.Null((quantity with { Values = [1] }).StandardError);
    }
}
