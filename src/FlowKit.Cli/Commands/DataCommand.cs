using System.CommandLine;
using FlowKit.Data;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit data</c>: lists, fetches and checks data sets.</summary>
internal static class DataCommand
{
    private const string Description = """
        Lists the data sets that FlowKit knows by name, fetches them, and checks them.

        Files are kept in a folder of the user, or in the one that FLOWKIT_DATA names.

        Examples:
          flowkit data list
          flowkit data get fashion-mnist
          flowkit data verify

        Exit code: 0 done, 1 a file could not be fetched or is damaged, 2 wrong command line, 130 interrupted.
        """;

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        var names = new Argument<string[]>("name") { Description = "Data sets, as 'flowkit data list' shows them.", Arity = ArgumentArity.OneOrMore, HelpName = "NAME" };
        var some = new Argument<string[]>("name") { Description = "Data sets. [default: all]", Arity = ArgumentArity.ZeroOrMore, HelpName = "NAME" };
        foreach (var argument in (Argument<string[]>[])[names, some]) argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (Unknown(token.Value) is { } problem) result.AddError(problem);
        });

        var list = new Command("list", "Lists every data set with its size, place and license.");
        list.SetAction((_, _) => Run(data => data.List()));
        var get = new Command("get", "Fetches data sets and checks their SHA-256. Sets that are complete are left alone.") { names };
        get.SetAction((parsed, interrupt) => Run(data => data.Get(parsed.GetRequiredValue(names), interrupt)));
        var verify = new Command("verify", "Checks every byte of the files that are present.") { some };
        verify.SetAction((parsed, _) => Run(data => data.Verify(parsed.GetRequiredValue(some))));
        var where = new Command("where", "Shows the folders of data sets.") { some };
        where.SetAction((parsed, _) => Run(data => data.Where(parsed.GetRequiredValue(some))));
        return new Command("data", Description) { list, get, verify, where };

        Task<int> Run(Func<DataAction, Task<int>> action) => new DataAction(DataStore.OfUser(), host).Run(action);
    }

    private static string? Unknown(string name)
    {
        try
        {
            Catalog.Find(name);
            return null;
        }
        catch (ArgumentException wrong)
        {
            return CommonOptions.Wrong(name, wrong.Message.Replace(" (Parameter 'name')", "", StringComparison.Ordinal));
        }
    }
}
