using System.CommandLine;
using System.Globalization;

namespace FlowKit.Cli;

/// <summary>The options that say how notebooks are executed, for every command that executes each of them once.</summary>
internal sealed class ExecutionOptions
{
    private readonly Option<string?> scale = CommonOptions.Scale();
    private readonly Option<string?> device = CommonOptions.Device();
    private readonly Option<string?> timeout = CommonOptions.Timeout();
    private readonly Option<string[]> set = new("--set") { Description = "The value of a setting that the notebook declares. May be repeated.", HelpName = "NAME=VALUE" };
    private readonly Option<string?> seed = CommonOptions.Expect(
        new("--seed") { Description = "The seed of the random numbers. [default: 0]", HelpName = "N" },
        "a whole number of 64 bits", text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));

    public ExecutionOptions() => set.Validators.Add(result => CommonOptions.CheckSettings(result, "NAME=VALUE", "lr=1e-4"));

    /// <summary>The options, in the order of the help text.</summary>
    public IEnumerable<Option> All => [scale, device, seed, set, timeout];

    /// <summary>What the command line says of them.</summary>
    public RunOptions Read(ParseResult parsed, IReadOnlyList<string> notebooks) => new(
        notebooks, Output: null, parsed.GetValue(scale), parsed.GetValue(device), parsed.GetValue(seed), CommonOptions.Time(parsed.GetValue(timeout)), AllowErrors: false,
        (parsed.GetValue(set) ?? []).Select(CommonOptions.Cut).ToDictionary(), Results: null);
}
