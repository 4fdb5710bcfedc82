namespace FlowKit.Cli;

/// <summary>The five sockets of a kernel.</summary>
internal enum KernelChannel
{
    /// <summary>Requests that wait for the cells before them.</summary>
    Shell,

    /// <summary>Requests that do not wait: interrupt and shutdown.</summary>
    Control,

    /// <summary>iopub: what cells show, to everyone who listens.</summary>
    Publish,

    /// <summary>stdin: the kernel asks, the user answers.</summary>
    Input,

    /// <summary>An echo, to see that the kernel is there.</summary>
    Heartbeat,
}
