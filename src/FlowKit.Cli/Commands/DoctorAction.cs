namespace FlowKit.Cli;

/// <summary>Says what was found on this machine.</summary>
/// <param name="host">Where the command works.</param>
internal sealed class DoctorAction(CommandHost host)
{
    /// <summary>Prints the lines, and what is wrong apart from them.</summary>
    /// <returns>The exit code.</returns>
    public int Run(RuntimeReport report)
    {
        host.Output.WriteLine((report with { Problems = [] }).ToString());
        foreach (string problem in report.Problems) host.Complain(problem);
        return report.Problems.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }
}
