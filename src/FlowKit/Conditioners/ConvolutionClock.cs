using System.Diagnostics;
using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>Times the convolutions of image conditioners inside the steps that run, not by themselves: forward around each call, backward between the gradient's coming and its going on.</summary>
/// <remarks>The times are parts of the wall time that do not overlap, so that they never exceed it. What is counted: the product, the bias, and what autograd does with these two; not the weight normalization.</remarks>
/// <example><code>
/// manual_seed(0);
/// var net = new ConvResidualNet(inputs: 1, outputs: 2, width: 32);
/// double share = ConvolutionClock.Share(() => net.Forward(randn(8, 1, 16, 16), null).square().sum().backward());
/// Console.WriteLine(share is > 0 and &lt; 1);  // => True
/// </code></example>
public sealed class ConvolutionClock
{
    [ThreadStatic] private static ConvolutionClock? running;

    private long ticks;

    private ConvolutionClock()
    {
    }

    /// <summary>Runs an action, as a training of a few steps, and gives the share of its wall time that convolutions took, in [0, 1]; 0 where there was none.</summary>
    /// <param name="action">Runs on this thread. On a GPU each convolution is waited for, which slows the rest a little.</param>
    /// <exception cref="InvalidOperationException">A clock runs already on this thread.</exception>
    public static double Share(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (running is not null) throw new InvalidOperationException("A clock of convolutions runs already on this thread.");
        var clock = running = new();
        try
        {
            long start = Stopwatch.GetTimestamp();
            action();
            return (double)clock.ticks / (Stopwatch.GetTimestamp() - start);
        }
        finally
        {
            running = null;
        }
    }

    /// <summary>conv2d(x, weight) + bias, timed if a clock runs.</summary>
    internal static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, long[] padding) =>
        running is { } clock ? clock.Timed(x, weight, bias, padding) : nn.functional.conv2d(x, weight, bias, padding: padding);

    /// <summary>The layer's convolution, with a kernel of odd side that keeps H and W, timed if a clock runs.</summary>
    internal static Tensor Convolve(Conv2d layer, Tensor x) =>
        running is null ? layer.forward(x) : Convolve(x, layer.weight!, layer.bias, [layer.weight!.size(2) / 2, layer.weight!.size(3) / 2]);

    // Autograd runs the newest operation first: the mark on the result just before the convolution's own backward, the one on an argument just after it.
    private Tensor Timed(Tensor x, Tensor weight, Tensor? bias, long[] padding)
    {
        bool waits = x.device_type == DeviceType.CUDA;
        bool backward = is_grad_enabled() && (x.requires_grad || weight.requires_grad);
        long came = 0;
        if (backward && weight.requires_grad) weight = BackwardMark.On(weight, Gone);
        else if (backward) x = BackwardMark.On(x, Gone);

        long start = Now(waits);
        var y = nn.functional.conv2d(x, weight, bias, padding: padding);
        ticks += Now(waits) - start;
        return backward ? BackwardMark.On(y, () => came = Now(waits)) : y;

        void Gone()
        {
            if (came != 0) ticks += Now(waits) - came;
            came = 0;
        }
    }

    private static long Now(bool waits)
    {
        if (waits) cuda.synchronize();
        return Stopwatch.GetTimestamp();
    }
}
