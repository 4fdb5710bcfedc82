namespace FlowKit;

/// <summary>A module in evaluation mode; disposing of this puts it back into the mode it was in.</summary>
internal readonly struct EvaluationMode : IDisposable
{
    private readonly nn.Module module;
    private readonly bool training;

    public EvaluationMode(nn.Module module)
    {
        (this.module, training) = (module, module.training);
        module.eval();
    }

    public void Dispose() => module.train(training);
}
