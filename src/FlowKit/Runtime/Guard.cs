using System.Runtime.CompilerServices;

namespace FlowKit;

/// <summary>Refuses tensors that do not fit, before libtorch does it less kindly: some of its refusals end the process.</summary>
internal static class Guard
{
    /// <summary>A batch of events of that shape, (B, sizes...).</summary>
    public static void Batch(Tensor x, Shape shape, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        Alive(x, name);
        if (!shape.Fits(x)) throw new ArgumentException($"{name} has shape {Describe(x)}; expected {Describe(["B", .. shape.Words])}.", name);
    }

    /// <summary>A context (B, sizes...) for a batch of that many rows, or (1, sizes...) for all of them, if and only if one is wanted.</summary>
    public static void Context(Tensor? context, Shape? shape, long rows, string owner)
    {
        if (shape is null)
        {
            if (context is not null)
                throw new ArgumentException($"{owner} takes no context; one of shape {Describe(context)} was given.", nameof(context));
            return;
        }
        if (context is null)
            throw new ArgumentException($"{owner} is conditional: it needs a context of shape {Describe([$"{rows}", .. shape.Words])}; none was given.", nameof(context));

        Alive(context, nameof(context));
        if (shape.Fits(context) && (context.size(0) == rows || context.size(0) == 1)) return;

        string For(long count) => Describe([$"{count}", .. shape.Words]);
        string each = shape.Count == 1 ? "a row of features" : "one", all = rows == 1 ? "" : $", or {For(1)}, one for all";
        throw new ArgumentException($"context has shape {Describe(context)}; {owner} expected {For(rows)}, {each} for each example{all}.", nameof(context));
    }

    /// <summary>A context with a row for each of that many examples: one row is repeated.</summary>
    public static Tensor? Spread(Tensor? context, long rows) =>
        context is null || context.size(0) == rows ? context : context.expand([rows, .. context.shape[1..]]).contiguous();

    /// <summary>A tensor of the precision the parameters have. Mixed precision would end in an error of libtorch that names neither.</summary>
    public static void Dtype(Tensor? x, ScalarType dtype, string owner, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x is null || x.dtype == dtype) return;
        string remedy = x.is_floating_point() ? $"Convert one of them: {name}.to({Name(dtype)}) or the module's .to({Name(x.dtype)})." : $"Convert it: {name}.to({Name(dtype)}).";
        throw new ArgumentException($"{name} is {Name(x.dtype)}; the parameters of {owner} are {Name(dtype)}. {remedy}", name);
    }

    /// <summary>Parameters of every element of x: (B, P, ...) for x (B, ...). A loop over memory would read past the end of others.</summary>
    public static void Theta(Tensor x, Tensor theta, int parameters, string owner, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        Alive(x, name);
        Alive(theta);
        bool fits = x.Dimensions > 0 && theta.Dimensions == x.Dimensions + 1 && theta.size(0) == x.size(0) && theta.size(1) == parameters;
        for (int i = 1; fits && i < x.Dimensions; i++) fits = theta.size(i + 1) == x.size(i);
        if (!fits)
            throw new ArgumentException($"theta has shape {Describe(theta)} for {name} of shape {Describe(x)}; {owner} expected (B, {parameters}, ...) for (B, ...): {parameters} numbers an element.", nameof(theta));
        Floating(x, owner, theta.is_floating_point() ? theta.dtype : float32, name);
        Dense(x, name);
        Dense(theta);
        if (theta.dtype != x.dtype) throw new ArgumentException($"theta is {Name(theta.dtype)} and {name} {Name(x.dtype)}; expected one precision: theta.to({Name(x.dtype)}).", nameof(theta));
    }

    /// <summary>A tensor on the kind of device the module's tensors are on, if it has any: a product across devices can end the process.</summary>
    public static void Place(Tensor? x, DeviceType? device, string owner, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x is not null && device is { } place && x.device_type != place)
            throw new ArgumentException($"{name} is on {x.device_type.ToString().ToLowerInvariant()}; {owner} is on {place.ToString().ToLowerInvariant()}. Move one of them: {name}.to(device) or the module's .to(device).", name);
    }

    /// <summary>A tensor that is not sparse: products with a sparse one can end the process.</summary>
    public static void Dense(Tensor? x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x is { is_sparse: true }) throw new ArgumentException($"{name} is sparse; expected a dense tensor: {name}.to_dense().", name);
    }

    /// <summary>Rows that a flow has a density for: elsewhere its log-determinant is -inf, and the latents mean nothing.</summary>
    public static void Support(Tensor logDet, string name)
    {
        using var scope = NewDisposeScope();
        var outside = logDet.isneginf().nonzero();
        if (outside.size(0) > 0) throw new ArgumentException($"Row {outside[0, 0].ToInt64()} of {name} lies outside the flow's support, such as a pixel beyond its levels; expected data of the kind it was made for.", name);
    }

    /// <summary>A tensor of values to be read: real, dense and in memory.</summary>
    public static void Number(Tensor x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        Alive(x, name);
        Real(x, name);
        if (x.device_type == DeviceType.META) throw new ArgumentException($"{name} is on the meta device and has no values.", name);
    }

    /// <summary>A tensor without NaN and infinities.</summary>
    public static void Finite(Tensor x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        using var scope = NewDisposeScope();
        if (!x.isfinite().all().ToBoolean()) throw new ArgumentException($"{name} holds values that are not finite.", name);
    }

    /// <summary>A finite number.</summary>
    public static void Finite(double x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (!double.IsFinite(x)) throw new ArgumentOutOfRangeException(name, x, "Expected a finite number.");
    }

    /// <summary>Refuses what is no finite number >= 0.</summary>
    public static void Weight(double x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (!(x >= 0 && double.IsFinite(x))) throw new ArgumentOutOfRangeException(name, x, "Expected a finite number >= 0.");
    }

    /// <summary>Rows of a context, 1 without one; what is no context is for <see cref="Context"/> to refuse.</summary>
    public static long Rows(Tensor? context) => context is { IsInvalid: false, Dimensions: > 0 } ? context.size(0) : 1;

    /// <summary>A number of features, or another size that arrays can have: at least so much, and no more than an array holds.</summary>
    public static int Size(long size, long least = 0, [CallerArgumentExpression(nameof(size))] string name = "") =>
        size < least ? throw new ArgumentOutOfRangeException(name, size, $"Expected at least {least}.")
        : size > Array.MaxLength ? throw new ArgumentOutOfRangeException(name, size, $"Expected at most {Array.MaxLength}, which is what an array holds.")
        : (int)size;

    /// <summary>Sizes of one event or context, all known: each at least 1, and no more than an array holds.</summary>
    public static Shape Sizes(Shape shape, int dimensions = 0, [CallerArgumentExpression(nameof(shape))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(shape, name);
        if (shape.Count < dimensions || shape.IsOpen || shape.Contains(Shape.Unknown) && shape.Count > 1)
            throw new ArgumentException($"Expected the sizes of {(dimensions == 0 ? "an event" : "an event, as 2 for points of the plane")}, all known; got {shape}.", name);
        foreach (long size in shape) Size(size, least: 1, name);
        return shape;
    }

    /// <summary>The sizes of an image, (C, H, W), all known.</summary>
    public static Shape Image(Shape image, [CallerArgumentExpression(nameof(image))] string name = "")
    {
        Sizes(image, name: name);
        return image.Count == 3 ? image : throw new ArgumentException($"Expected an image (C, H, W); got {image}.", name);
    }

    /// <summary>What a caller's factory made.</summary>
    public static T Made<T>(T? made, string name) where T : class => made ?? throw new ArgumentException($"{name} gave null.", name);

    /// <summary>A list without holes.</summary>
    public static void NoneNull<T>(IEnumerable<T> all, string name) where T : class
    {
        if (all.Any(one => one is null)) throw new ArgumentException($"{name} holds null.", name);
    }

    /// <summary>A tensor of real or whole numbers.</summary>
    public static void Real(Tensor x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        Dense(x, name);
        if (x.is_complex()) throw new ArgumentException($"{name} is {Name(x.dtype)}; expected real numbers.", name);
    }

    /// <summary>A tensor of floating-point numbers, of any precision; the one to convert others to is for the message.</summary>
    public static void Floating(Tensor x, string owner, ScalarType precision, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (!x.is_floating_point()) throw new ArgumentException($"{name} is {Name(x.dtype)}; {owner} takes real numbers: {name}.to({Name(precision)}). Whole numbers as data need a dequantization first.", name);
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

    /// <summary>A precision as one writes it: float32.</summary>
    public static string Name(ScalarType dtype) => dtype.ToString().ToLowerInvariant();
}
