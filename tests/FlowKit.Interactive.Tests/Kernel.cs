namespace Microsoft.DotNet.Interactive;

/// <summary>What FlowKit uses of .NET Interactive, under its names.</summary>
public sealed class KernelInvocationContext
{
    public static KernelInvocationContext? Current { get; set; }

    public List<object> Shown { get; } = [];

    public SubmitCode? Command { get; set; }
}

public sealed class SubmitCode(string code, SubmitCode? parent = null)
{
    public string Code { get; } = code;

    internal SubmitCode? Parent { get; } = parent;
}

public sealed class DisplayedValue(KernelInvocationContext context, int at)
{
    public void Update(object value) => context.Shown[at] = value;
}

public static class KernelInvocationContextExtensions
{
    public static DisplayedValue Display(this KernelInvocationContext context, string value) => throw new InvalidOperationException(value);

    public static DisplayedValue Display(this KernelInvocationContext context, object value, params string[] mimeTypes)
    {
        Assert.Empty(mimeTypes);
        context.Shown.Add(value);
        return new(context, context.Shown.Count - 1);
    }
}
