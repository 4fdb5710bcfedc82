namespace FlowKit;

/// <summary>A module in evaluation mode; disposing of this puts it back into the mode it was in.</summary>
internal readonly struct EvaluationMode : IDisposable
{
    private readonly nn.Module module;
    private readonly bool training;
    private readonly (nn.Module Module, bool Training)[]? mixed;              // every part, where they are not all in the module's own mode

    public EvaluationMode(nn.Module module)
    {
        bool own = module.training;
        (this.module, training) = (module, own);
        if (module.modules().Any(part => part.training != own)) mixed = [.. module.modules().Select(part => (part, part.training))];
        module.eval();
    }

    public void Dispose()
    {
        module.train(training);
        if (mixed is null) return;

        // A part's mode is also set for its own parts: largest first.
        foreach (var (part, trained) in mixed.OrderByDescending(part => part.Module.modules().Count())) part.train(trained);
    }
}
