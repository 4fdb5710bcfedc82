namespace FlowKit.Transforms;

/// <summary>Steps over plain numbers, which can take a map over rows along.</summary>
internal interface IPlainMadeSteps
{
    /// <summary>All steps: x with tau(x_i; theta_i) = z_i, (B, D), and the sum of ln|dx/dz|, (B).</summary>
    (Tensor X, Tensor LogDet) Solve(Tensor z, IRowInverse map);
}
