namespace FlowKit;

/// <summary>The backward of an autograd operation of our own. An exception that leaves it would end the process, so it becomes NaN gradients, which no training overlooks.</summary>
/// <remarks>What can go wrong there: a tensor that the operation saved was changed in place between forward and backward.</remarks>
internal static class SafeBackward
{
    private const string Inputs = "inputs";

    /// <summary>Remembers the operation's arguments, in its forward.</summary>
    public static void Prepare(autograd.AutogradContext ctx, object[] inputs) => ctx.save_data(Inputs, inputs);

    /// <summary>The gradients, one an argument.</summary>
    public static List<Tensor> Run(autograd.AutogradContext ctx, Func<IEnumerable<Tensor>> backward)
    {
        using var scope = NewDisposeScope();                                  // what a loop reads outlives it, and nothing outlives the call but the gradients
        try
        {
            List<Tensor> gradients = [.. backward()];
            foreach (var gradient in gradients)
                if (gradient is not null) scope.MoveToOuter(gradient);
            return gradients;
        }
#pragma warning disable CA1031 // any exception at all ends the process
        catch (Exception)
#pragma warning restore CA1031
        {
            return [.. ((object[])ctx.get_data(Inputs)).Select(input => input is Tensor { IsInvalid: false } alive ? scope.MoveToOuter(full_like(alive, double.NaN)) : null!)];
        }
    }

    /// <summary>The gradients that a backward is given, null where there is none.</summary>
    public static Tensor?[] Given(List<Tensor> gradients) => [.. gradients.Select(gradient => gradient is { IsInvalid: false } ? gradient : null)];

    /// <summary>The gradients of the inputs by ordinary operations, so that they can be differentiated again; null where an input needs none.</summary>
    /// <param name="inputs">What the operation read.</param>
    /// <param name="operation">Its results, from the inputs.</param>
    /// <param name="given">The gradients of the results.</param>
    public static IEnumerable<Tensor> Differentiable(IEnumerable<Tensor> inputs, Func<Tensor[], Tensor[]> operation, Tensor?[] given)
    {
        // Views of their own: one may have come from another, and that path is another operation's to count.
        Tensor[] all = [.. inputs.Select(one => one.view_as(one))], wanted = [.. all.Where(one => one.requires_grad)];
        var (results, gradients) = (new List<Tensor>(), new List<Tensor>());
        foreach (var (result, gradient) in operation(all).Zip(given))
            if (gradient is not null && result.requires_grad) (results, gradients) = ([.. results, result], [.. gradients, gradient]);
        if (results.Count == 0) return all.Select(_ => (Tensor)null!);

        var found = new Queue<Tensor>(autograd.grad(results, wanted, gradients, retain_graph: true, create_graph: true, allow_unused: true));
        return all.Select(one => one.requires_grad ? found.Dequeue() : null!);
    }
}
