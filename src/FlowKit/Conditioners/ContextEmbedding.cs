using System.Runtime.InteropServices;

namespace FlowKit.Conditioners;

/// <summary>A context read by a network of the caller's before anything is conditioned on it.</summary>
internal static class ContextEmbedding
{
    /// <summary>e(c), a row for each row of the context. Whole numbers may be what the network reads, as words of a sentence.</summary>
    /// <exception cref="ArgumentException">The network does not read such numbers, or mixes the rows.</exception>
    public static Tensor Embed(nn.Module<Tensor, Tensor> network, Tensor context, ScalarType otherwise, string owner)
    {
        Guard.Real(context);
        var precision = network.parameters().FirstOrDefault()?.dtype;
        if (context.is_floating_point() && precision is { } dtype) Guard.Dtype(context, dtype, owner);
        var e = Read(network, context, precision ?? otherwise);
        return e.Dimensions > 0 && e.size(0) == context.size(0)
            ? e
            : throw new ArgumentException($"context has shape {Guard.Describe(context)} and its embedding {Guard.Describe(e)}; expected a row for each of its rows.", nameof(context));
    }

    private static Tensor Read(nn.Module<Tensor, Tensor> network, Tensor context, ScalarType precision)
    {
        try
        {
            return network.call(context);
        }
        catch (ExternalException refusal) when (!context.is_floating_point())
        {
            throw new ArgumentException(
                $"context is {Guard.Name(context.dtype)}, which the embedding does not read. Where it reads real numbers: context.to({Guard.Name(precision)}).", nameof(context), refusal);
        }
    }
}
