namespace FlowKit;

/// <summary>While it lives, watches what modules give, and remembers the first one that gave NaN or infinity. Off, it costs the look at one variable.</summary>
/// <remarks>
/// Transforms and distributions show their results themselves; torch's own modules do where they are called by <c>call</c>, as a Sequential calls its parts.
/// A module ends after its parts, so that the first one seen is the innermost.
/// </remarks>
internal sealed class FiniteTrace : IDisposable
{
    [ThreadStatic] private static FiniteTrace? current;

    private readonly nn.Module root;
    private readonly List<Action> hooks = [];

    /// <summary>Begins.</summary>
    /// <param name="root">Whose parts are named by their paths.</param>
    public FiniteTrace(nn.Module root)
    {
        this.root = root;
        foreach (var module in root.modules().OfType<nn.Module<Tensor, Tensor>>())
        {
            var hook = module.register_forward_hook((which, _, output) =>
            {
                See(which, output);
                return output;
            });
            hooks.Add(hook.remove);
        }
        current = this;
    }

    /// <summary>The path and kind of the first module whose output was not finite; null if there was none.</summary>
    public string? First { get; private set; }

    /// <summary>Whether each part is to show what it gives, so that none may be passed over.</summary>
    public static bool IsOn => current is not null;

    /// <summary>Shows what a module gives.</summary>
    public static void See(nn.Module module, Tensor output, Tensor? second = null)
    {
        if (current is { First: null } trace && !(IsFinite(output) && IsFinite(second))) trace.First = trace.Name(module);
    }

    public void Dispose()
    {
        current = null;
        hooks.ForEach(remove => remove());
    }

    private static bool IsFinite(Tensor? x) => x is null || !x.is_floating_point() || x.isfinite().all().ToBoolean();

    private string Name(nn.Module module)
    {
        string path = root.named_modules().FirstOrDefault(part => ReferenceEquals(part.module, module)).name ?? "";
        return path.Length > 0 ? $"{path} ({module.GetName()})" : module.GetName();
    }
}
