namespace FlowKit.Transforms;

/// <summary>A map that also runs as one loop over tensors in main memory, there and back, without autograd's bookkeeping.</summary>
/// <remarks>Shapes: at (B, N), theta (B, P N) with P-major columns, all of one dtype, float32 or float64, contiguous.</remarks>
internal interface IElementLoop
{
    /// <summary>tau or its inverse, and the log-slopes.</summary>
    (Tensor Value, Tensor LogSlope) Forward(Tensor at, Tensor theta, bool inverse);

    /// <summary>The gradients of the argument and of theta, for those of value and log-slope.</summary>
    (Tensor At, Tensor Theta) Backward(Tensor at, Tensor theta, Tensor gradValue, Tensor gradLogSlope, bool inverse);
}
