namespace FlowKit.Cli;

/// <summary>The batch script of a sweep: one task of the array is one run.</summary>
internal static class SlurmScript
{
    /// <summary>The script's text, for bash.</summary>
    public static string Of(IEnumerable<SweepRun> runs) => $$"""
        #!/bin/bash
        runs=(
        {{string.Join('\n', runs.Select(run => Quote(run.Folder.Path)))}}
        )
        run=${runs[$SLURM_ARRAY_TASK_ID]}
        threads=${SLURM_CPUS_PER_TASK:-1}
        export OMP_NUM_THREADS=$threads MKL_NUM_THREADS=$threads DOTNET_PROCESSOR_COUNT=$threads
        {{string.Join(' ', OwnCommand.Words().Select(Quote))}} {{SweepTaskCommand.Name}} "$run" >>"$run/log.txt" 2>&1
        code=$?
        # Killed, and not asked to stop (143): once more, from the last checkpoint.
        if [ $code -gt 128 ] && [ $code -ne 143 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
            scontrol requeue "$SLURM_JOB_ID" && sleep 60
        fi
        exit $code

        """;

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
