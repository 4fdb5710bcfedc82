namespace FlowKit.Training;

/// <summary>A checkpoint cannot be written or read, or belongs to another training.</summary>
public sealed class CheckpointException(string message, Exception? inner = null) : Exception(message, inner);
