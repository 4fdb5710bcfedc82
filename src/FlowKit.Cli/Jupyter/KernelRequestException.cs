namespace FlowKit.Cli;

/// <summary>A request that lacks what it needs; the message says what was expected.</summary>
internal sealed class KernelRequestException(string message) : Exception(message);
