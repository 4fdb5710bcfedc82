// The engine owns the console, the current directory and the environment of its process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
