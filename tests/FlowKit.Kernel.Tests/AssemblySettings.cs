// The process's formatters, trainings and random numbers are shared by all kernels in it; real kernels on two cores only wait for each other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
