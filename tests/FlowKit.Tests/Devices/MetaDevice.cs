using System.Text.RegularExpressions;

namespace FlowKit.Tests.Devices;

/// <summary>torch's device without data: what runs there mixes no devices, as far as it got.</summary>
/// <remarks>It sees part of the mistakes only: products with a matrix of the CPU and cat with a vector of it pass, and many operations have no kernel there.</remarks>
internal static partial class MetaDevice
{
    /// <summary>Operations without a kernel on the device, each with a call that shows it. What runs into one is seen up to there.</summary>
    public static readonly IReadOnlyDictionary<string, Action> Unsupported = new Dictionary<string, Action>
    {
        ["_adaptive_avg_pool2d"] = () => nn.functional.adaptive_avg_pool2d(Vector.reshape(1, 1, 1, 3), [1, 2]),
        ["_standard_gamma"] = () => _standard_gamma(Vector, null!),
        ["abs"] = () => Vector.abs(),
        ["convolution_overrideable"] = () => nn.functional.conv1d(Vector.reshape(1, 1, 3), Vector.reshape(1, 1, 3)),
        ["flip"] = () => Vector.flip(0),
        ["index_select"] = () => Vector.index_select(0, Indices),
        ["isnan"] = () => Vector.isnan(),
        ["linalg_solve_triangular"] = () => linalg.solve_triangular(Vector.diag(), Vector.unsqueeze(1), upper: false),
        ["log_sigmoid_forward"] = () => nn.functional.logsigmoid(Vector),
        ["logical_and"] = () => Vector.gt(0).logical_and(Vector.gt(0)),
        ["logical_not"] = () => Vector.gt(0).logical_not(),
        ["logical_or"] = () => Vector.gt(0).logical_or(Vector.gt(0)),
        ["logit"] = () => Vector.logit(),
        ["multinomial"] = () => Vector.multinomial(1),
        ["nan_to_num"] = () => Vector.nan_to_num(),
        ["nonzero"] = () => Vector.nonzero(),
        ["relu"] = () => Vector.relu(),
        ["searchsorted"] = () => searchsorted(Vector, Vector),
        ["where"] = () => where(Vector.gt(0), Vector, Vector),
    };

    public static readonly Device Device = new(DeviceType.META);

    private static Tensor Vector => zeros(3, dtype: float64, device: Device);

    private static Tensor Indices => zeros(3, dtype: int64, device: Device);

    /// <summary>What went wrong: null if nothing, or if it ran into an operation of the list, or wanted to read a value, which waits for a GPU and is legal.</summary>
    public static string? Complaint(Action run)
    {
        try
        {
            run();
            return null;
        }
        catch (Exception e)
        {
            string first = e.Message.Split('\n')[0];
            return Operation(first) is { } operation && Unsupported.ContainsKey(operation) || first.Contains("Cannot copy out of meta tensor") ? null : first;
        }
    }

    /// <summary>The operation that has no kernel on the device, from torch's message.</summary>
    public static string? Operation(string message) => NoKernel().Match(message) is { Success: true } match ? match.Groups["name"].Value : null;

    [GeneratedRegex(@"aten::(?<name>\w+)[.\w]*: attempted to run this operator with Meta tensors|^(?<name>\w+_overrideable) not implemented")]
    private static partial Regex NoKernel();
}
