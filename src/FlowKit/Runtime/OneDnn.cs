using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>Turns libtorch's oneDNN off on machines where the gradients of its convolutions are wrong.</summary>
/// <remarks>
/// On some processors (seen on an AMD EPYC of family 26 inside a virtual machine, with libtorch 2.10) the gradient of a float32 3x3 convolution with respect to its input is wrong, NaN at times, where the
/// number of output channels is no multiple of the vector's length. Training would be wrong without a word. So the first image network of a process compares one small gradient with the one in float64,
/// which oneDNN does not compute; where they differ, libtorch's own convolutions take over, which are slower.
/// </remarks>
internal static class OneDnn
{
    private const long Batch = 8, Inputs = 32, Outputs = 17, Side = 8;       // 17: one more than a vector of AVX-512 holds
    private const int Rounds = 3;                                             // what is wrong depends on what the memory held before

    private static readonly Lazy<bool> Works = new(Check);

    /// <summary>Whether oneDNN is to be trusted here; asked once.</summary>
    public static bool IsUsable => Works.Value;

    private static bool Check()
    {
        if (IsRight()) return true;

        TurnOff();
        if (!IsRight())
            Console.Error.WriteLine("FlowKit: libtorch computes wrong float32 gradients of convolutions on this processor, and its oneDNN could not be turned off. Train image flows in float64, or on another machine.");
        return false;
    }

    private static bool IsRight() => Enumerable.Range(0, Rounds).All(_ => GradientError() < 1e-3);

    /// <summary>The largest error of a convolution's gradient in float32, against float64; infinite for NaN.</summary>
    internal static double GradientError()
    {
        using var on = enable_grad();
        using var scope = NewDisposeScope();
        var error = (Gradient(float32).to(float64) - Gradient(float64)).abs().max().ToDouble();
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    private static Tensor Gradient(ScalarType dtype)
    {
        var x = Wave(Batch, Inputs, Side).requires_grad_();
        var y = nn.functional.conv2d(x, Wave(Outputs, Inputs, 3), padding: [1, 1]);
        return autograd.grad([y], [x], [Wave(Batch, Outputs, Side)])[0];

        // No random numbers: whoever seeds the generator gets the same draws with and without the check.
        Tensor Wave(long first, long channels, long side) =>
            arange(first * channels * side * side, dtype: float64, device: CPU).sin().to(dtype).reshape(first, channels, side, side);
    }

    private static void TurnOff()
    {
        foreach (string file in NativeModules.Files(NativeModules.Torch))
            if (NativeLibrary.TryLoad(NativeDecoys.Past(file), out nint library) && LibTorchSwitch.TurnOff(library, "_ZN2at7Context20setUserEnabledMkldnnEb")) return;
    }
}
