using System.Globalization;
using FlowKit;
using FlowKit.Benchmarks;

// dotnet run -c Release --project tests/FlowKit.Benchmarks [-- NAME... --device DEVICE --rows a,b --rounds N]: figures for reading and comparing; nothing here passes or fails.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
(Settings settings, IReadOnlyList<string> names) asked;
try
{
    asked = Settings.Read(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
var (settings, names) = asked;
var benchmarks = new (string Name, string What, Action Run)[]
{
    ("startup", "the command's help, a first cell, later cells", StartupBenchmark.Run),
    ("flows", "training, density and sampling against the fastest peers and the bare matrix products", () => FlowsBenchmark.Run(settings)),
    ("threads", "two threads against one, alone and beside a busy process", () => ThreadsBenchmark.Run(settings)),
    ("kernels", "matrix products of the tile kernels against libtorch", KernelsBenchmark.Run),
    ("inverse", "draws of autoregressive flows in density passes, by map", InverseBenchmark.Run),
    ("circles", "draws on the torus by the map of an angle, against circular splines", CirclesBenchmark.Run),
    ("profile", "where the time of a log-probability and of a Glow's training step goes", ProfileBenchmark.Run),
    ("convolutions", "training, density and sampling of images against the fastest peer and the bare convolutions", () => ConvolutionsBenchmark.Run(settings)),
    ("coder", "the entropy coder against general compressors, and a whole codec", CoderBenchmark.Run),
    ("vines", "log-likelihood, draws and fit of a vine of ten variables, and where the time goes", VinesBenchmark.Run),
    ("nade", "time of a NADE against the number of features", NadeBenchmark.Run),
    ("growth", "time against dimension and batch", GrowthBenchmark.Run),
    ("overhead", "what the Trainer costs over a bare loop", OverheadBenchmark.Run),
    ("memory", "resident memory of trainings, of densities of many points and of many samples", () => MemoryBenchmark.Run(settings)),
};

foreach (string unknown in names.Where(arg => benchmarks.All(benchmark => benchmark.Name != arg)))
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'; there are: {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}.");
    return 2;
}
try
{
    if (settings.Device != "cpu") Runtime.Device(settings.Device);
}
catch (Exception e) when (e is ArgumentException or NotSupportedException or TypeInitializationException)
{
    Console.Error.WriteLine(e.GetBaseException().Message);
    return 2;
}
foreach (var (name, what, run) in benchmarks.Where(benchmark => names.Count == 0 || names.Contains(benchmark.Name)))
{
    Console.WriteLine($"== {name}: {what}");
    run();
}
return 0;
