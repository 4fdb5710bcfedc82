// torch's random generator and thread count belong to the process: tests that seed it cannot run beside each other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
