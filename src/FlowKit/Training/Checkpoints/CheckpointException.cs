namespace FlowKit.Training;

/// <summary>A checkpoint cannot be written or read, or belongs to another training.</summary>
/// <example><code>
/// var options = new FitOptions { Steps = 20, Checkpoint = new("normal.safetensors") };
/// Trainer.Fit(new Normal().Learned(1), new StandardNormal(1), options);
/// try { Trainer.Fit(new Normal().Learned(3), new StandardNormal(3), options); }
/// catch (CheckpointException) { Console.WriteLine("the checkpoint is of another model"); }  // => the checkpoint is of another model
/// </code></example>
public sealed class CheckpointException(string message, Exception? inner = null) : Exception(message, inner);
