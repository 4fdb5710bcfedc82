namespace FlowKit.Cli;

/// <summary>Threads for work whose recursion follows the nesting of its input, as a compiler's does.</summary>
internal static class DeepStack
{
    /// <summary>The size of such a stack; memory is taken as it is used.</summary>
    public const int Bytes = 256 << 20;

    /// <summary>Runs the work on a thread of its own.</summary>
    public static Task<T> Run<T>(Func<T> work)
    {
        var task = new Task<T>(work, TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => task.RunSynchronously(TaskScheduler.Default), Bytes) { IsBackground = true, Name = "deep stack" }.Start();
        return task;
    }
}
