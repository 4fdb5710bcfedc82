using System.Runtime.CompilerServices;

namespace FlowKit;

/// <summary>Refuses tensors that do not fit, before libtorch does it less kindly: some of its refusals end the process.</summary>
internal static class Guard
{
    /// <summary>A batch of events: (B, eventShape...). A null shape takes any; -1 takes any size along that dimension.</summary>
    public static void Batch(Tensor x, long[]? eventShape, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        Alive(x, name);
        if (Fits(x, eventShape)) return;

        string expected = eventShape is null ? "(B, ...)" : Describe(["B", .. eventShape.Select(size => size < 0 ? "*" : size.ToString())]);
        throw new ArgumentException($"{name} has shape {Describe(x)}; expected {expected}.", name);
    }

    /// <summary>A context (B, features) for a batch of that many rows, if and only if one is wanted.</summary>
    public static void Context(Tensor? context, long features, long rows, string owner)
    {
        if (features == 0)
        {
            if (context is not null)
                throw new ArgumentException($"{owner} takes no context; one of shape {Describe(context)} was given.", nameof(context));
            return;
        }
        if (context is null)
            throw new ArgumentException($"{owner} is conditional: it needs a context of shape {Describe([$"{rows}", $"{features}"])}; none was given.", nameof(context));

        Alive(context, nameof(context));
        if (context.Dimensions != 2 || context.size(0) != rows || context.size(1) != features)
            throw new ArgumentException($"context has shape {Describe(context)}; {owner} expected {Describe([$"{rows}", $"{features}"])}: one row of features an example.", nameof(context));
    }

    /// <summary>A tensor of the precision the parameters have. Mixed precision would end in an error of libtorch that names neither.</summary>
    public static void Dtype(Tensor? x, ScalarType dtype, string owner, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x is not null && x.dtype != dtype)
            throw new ArgumentException($"{name} is {Name(x.dtype)}; the parameters of {owner} are {Name(dtype)}. Convert one of them: {name}.to({Name(dtype)}) or the module's .to({Name(x.dtype)}).", name);
    }

    /// <summary>A tensor of real or whole numbers.</summary>
    public static void Real(Tensor x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x.is_complex()) throw new ArgumentException($"{name} is {Name(x.dtype)}; expected real numbers.", name);
    }

    /// <summary>A tensor of floating-point numbers, of any precision.</summary>
    public static void Floating(Tensor x, string owner, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (!x.is_floating_point()) throw new ArgumentException($"{name} is {Name(x.dtype)}; {owner} takes real numbers: {name}.to(float32). Whole numbers as data need a dequantization first.", name);
    }

    /// <summary>A tensor that still has memory behind it.</summary>
    public static void Alive(Tensor x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(x, name);
        if (x.IsInvalid) throw new ObjectDisposedException(name, "The tensor was disposed; keep it outside the dispose scope that owned it.");
    }

    /// <summary>(3, 4) for a tensor of that shape.</summary>
    public static string Describe(Tensor x) => x.IsInvalid ? "(disposed)" : Describe(x.shape.Select(size => size.ToString()));

    /// <summary>(B, 2) for those sizes.</summary>
    public static string Describe(IEnumerable<string> sizes)
    {
        string[] all = [.. sizes];
        return all.Length == 1 ? $"({all[0]},)" : $"({string.Join(", ", all)})";
    }

    private static string Name(ScalarType dtype) => dtype.ToString().ToLowerInvariant();

    private static bool Fits(Tensor x, long[]? eventShape)
    {
        if (x.Dimensions == 0) return false;
        if (eventShape is null) return true;
        if (x.Dimensions != eventShape.Length + 1) return false;
        for (int i = 0; i < eventShape.Length; i++)
            if (eventShape[i] >= 0 && x.size(i + 1) != eventShape[i]) return false;
        return true;
    }
}
