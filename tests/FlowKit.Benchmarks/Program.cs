using System.Globalization;
using FlowKit.Benchmarks;

// dotnet run -c Release --project tests/FlowKit.Benchmarks [-- NAME...]: figures for reading and comparing; nothing here passes or fails.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var benchmarks = new (string Name, string What, Action Run)[]
{
    ("startup", "the command's help, a first cell, later cells", StartupBenchmark.Run),
    ("flows", "training, density and sampling against the fastest peers", FlowsBenchmark.Run),
    ("inverse", "draws of autoregressive flows in density passes, by map", InverseBenchmark.Run),
    ("circles", "draws on the torus by the map of an angle, against circular splines", CirclesBenchmark.Run),
    ("profile", "where the time of a log-probability goes", ProfileBenchmark.Run),
    ("convolutions", "their share of a training step of images", ConvolutionsBenchmark.Run),
    ("coder", "the entropy coder against general compressors, and a whole codec", CoderBenchmark.Run),
    ("vines", "log-likelihood, draws and fit of a vine of ten variables, and where the time goes", VinesBenchmark.Run),
    ("nade", "time of a NADE against the number of features", NadeBenchmark.Run),
    ("growth", "time against dimension and batch", GrowthBenchmark.Run),
    ("overhead", "what the Trainer costs over a bare loop", OverheadBenchmark.Run),
    ("memory", "growth of resident memory over trainings of 2,000 steps, of images 600", MemoryBenchmark.Run),
};

foreach (string unknown in args.Where(arg => benchmarks.All(benchmark => benchmark.Name != arg)))
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'; there are: {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}.");
    return 2;
}
foreach (var (name, what, run) in benchmarks.Where(benchmark => args.Length == 0 || args.Contains(benchmark.Name)))
{
    Console.WriteLine($"== {name}: {what}");
    run();
}
return 0;
