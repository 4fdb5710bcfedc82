using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace FlowKit.Cli;

/// <summary>Slurm's commands.</summary>
internal static class Slurm
{
    /// <summary>Submits a job array and returns its job number.</summary>
    /// <exception cref="NotebookException">Slurm is not installed, or it refuses the job; the message contains its own words.</exception>
    public static long Submit(IEnumerable<string> options, string script)
    {
        var (code, output, error) = Call("sbatch", ["--parsable", .. options, script]);
        return code == 0 && long.TryParse(output.Trim().Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long job)
            ? job : throw new NotebookException($"sbatch refused the sweep: {error.Trim()}{output.Trim()}");
    }

    /// <summary>The tasks of the user's job arrays that are waiting, running or ending; null where Slurm does not answer.</summary>
    public static IReadOnlyDictionary<(long Job, int Task), string>? Queue()
    {
        var (code, output, _) = Call("squeue", ["--noheader", "--array", $"--user={Environment.UserName}", "--format=%F %K %T"]);
        if (code != 0) return null;

        var tasks = new Dictionary<(long, int), string>();
        foreach (string[] words in output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            if (words is [var job, var task, var state] && long.TryParse(job, out long number) && int.TryParse(task, out int index)) tasks[(number, index)] = state;
        return tasks;
    }

    /// <summary>Removes jobs from the queue.</summary>
    public static void Cancel(IEnumerable<long> jobs) => Call("scancel", [.. jobs.Select(job => $"{job}")]);

    private static (int Code, string Output, string Error) Call(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception missing)
        {
            throw new NotebookException($"--slurm needs Slurm's command '{program}': {missing.Message}");
        }
    }
}
