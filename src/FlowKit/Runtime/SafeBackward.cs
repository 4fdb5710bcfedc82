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
        try
        {
            return [.. backward()];
        }
#pragma warning disable CA1031 // any exception at all ends the process
        catch (Exception)
#pragma warning restore CA1031
        {
            return [.. ((object[])ctx.get_data(Inputs)).Select(input => input is Tensor { IsInvalid: false } alive ? full_like(alive, double.NaN) : null!)];
        }
    }
}
