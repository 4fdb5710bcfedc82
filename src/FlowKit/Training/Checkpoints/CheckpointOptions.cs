namespace FlowKit.Training;

/// <summary>Where a training keeps its state, so that it goes on after a crash, a cancellation or a new start of the program.</summary>
/// <remarks>
/// <para>Where the file is there, the training goes on from it, and ends with the same weights, bit for bit on the same machine, as if it had never been
/// interrupted; a file of a finished training gives its weights and its history at once. Where the file is of another model or of other settings, the
/// training refuses to start.</para>
/// <para>The file is in the safetensors format (see <see cref="SafeTensors"/>), with a checksum. It is replaced in one step: at every moment there is one that can be read.
/// It holds weights, the optimizer's memory, moving averages, the best weights so far, the history, the order of the data and torch's random stream. What a loss
/// or a hook keeps for itself, as a <see cref="Random"/> or a counter, is not in it.</para>
/// <para>Where <see cref="FitOptions.Threads"/> is null, the first file is written when the measurement of threads is over, and what goes on from it keeps the choice. Two trainings
/// of one seed may choose differently, and then differ in their last bits: fix the number of threads where they are to be compared.</para>
/// </remarks>
/// <param name="Path">The file.</param>
/// <param name="Every">Steps between two checkpoints, >= 1. One is written too at the end, and before a canceled training throws.</param>
/// <example><code>
/// var options = new FitOptions { Steps = 40, Threads = 1, Checkpoint = new CheckpointOptions("run.safetensors", Every: 10) };
/// History Run() => Trainer.Fit(new Normal().Learned(1), new StandardNormal(1), options);
/// var first = Run();
/// var again = Run();                                           // from the file, at once
/// Console.WriteLine(first.Train.SequenceEqual(again.Train));  // => True
/// </code></example>
public sealed record CheckpointOptions(string Path, int Every = 500);
