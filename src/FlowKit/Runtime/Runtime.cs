using System.Runtime.CompilerServices;

namespace FlowKit;

/// <summary>The machine under the mathematics: the native library, threads, seeds and the device, in one place.</summary>
/// <example><code>
/// Runtime.Seed(0);
/// var device = Runtime.Device("cpu");
/// Console.WriteLine(randn(2, 3, device: device));                // => [2x3], type = Float32, device = cpu
/// Console.WriteLine(Runtime.Describe().Contains("cpu (product, gradient and determinant are right)"));   // => True
/// try { Runtime.Device("gpu"); }
/// catch (ArgumentException e) { Console.WriteLine(e.Message); }  // => Device is 'cpu', 'cuda' or 'cuda:N'; it was 'gpu'. (Parameter 'name')
/// </code></example>
public static class Runtime
{
    /// <summary>Prepares the process so that TorchSharp's native library loads, also where the stock file does not.</summary>
    /// <remarks>
    /// Runs by itself: from FlowKit's module initializer, and before the first line of every executable that references FlowKit.
    /// It installs hooks, and on glibc tells malloc to keep freed memory (convolutions are a tenth faster for it); nothing native is loaded before the first use
    /// of <c>torch</c>. Where the stock library does not load, a copy is kept in the user's data folder, FlowKit/native. It must run before that first use,
    /// because a failure of TorchSharp's type initializer is final for the process. Calling it again does nothing.
    /// On x64 Linux the environment variable FLOWKIT_LIBTORCH names the folder of another libtorch, such as the torch/lib of an installed PyTorch, CUDA included; where it does not fit, every use of torch fails with a
    /// <see cref="NotSupportedException"/> as its cause, which says why. FLOWKIT_MKL=full has the MKL inside libtorch use AVX-512 on processors of AMD too, which it does not by itself.
    /// </remarks>
    public static void EnsureLoaded() => NativeLoader.Install();

    /// <summary>How many threads one tensor operation may use. Small flows want 1, large matrices and convolutions all cores.</summary>
    /// <remarks>
    /// A training, and each log-density and draw without gradients, takes one thread or that many, whichever is measured to be faster, also while other processes are busy; with 1 nothing is measured.
    /// The products of wide networks through libtorch may differ in the last bits, as they do with the size of a batch: set 1 where runs are compared bit by bit.
    /// The number is that of the calling thread; new threads begin with the one that was set last.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public static int Threads
    {
        get => get_num_threads();
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Threads));
            set_num_threads(value);
        }
    }

    /// <summary>What is under the mathematics here, a line each: system, processor, .NET, TorchSharp, the libtorch that is loaded and its folder, devices with the result of a small computation, threads, vectors, MKL.</summary>
    /// <remarks><c>flowkit doctor</c> prints the same lines. What does not work is in lines that begin with "problem"; nothing is thrown.</remarks>
    public static string Describe() => RuntimeReport.Read().ToString();

    /// <summary>Seeds torch's generators on every device. The stream is that of PyTorch for the same seed.</summary>
    public static void Seed(long seed) => manual_seed(seed);

    /// <summary>The device called <paramref name="name"/>.</summary>
    /// <param name="name">"cpu", or "cuda" with an optional index as in "cuda:1".</param>
    /// <exception cref="ArgumentException">The name is none of these.</exception>
    /// <exception cref="NotSupportedException">CUDA is asked for and this build or machine has none.</exception>
    public static Device Device(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == "cpu") return CPU;

        int index = 0;
        if (name != "cuda" && !(name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out index) && index >= 0))
            throw new ArgumentException($"Device is 'cpu', 'cuda' or 'cuda:N'; it was '{name}'.", nameof(name));
        if (!cuda.is_available())
            throw new NotSupportedException(
                "CUDA is not available. It needs an NVIDIA driver and a libtorch with CUDA: that of an installed PyTorch (FLOWKIT_LIBTORCH=.../torch/lib) or the packages (dotnet build -p:TorchDevice=cuda). 'flowkit doctor' says what is here. Or use the device 'cpu'.");

        return new Device(DeviceType.CUDA, index);
    }

    // A library that prepares itself: FlowKit cannot be used before its native half can load.
#pragma warning disable CA2255 // module initializers are for applications, and for exactly this
    [ModuleInitializer]
    internal static void OnModuleLoad() => EnsureLoaded();
#pragma warning restore CA2255
}
