namespace FlowKit.Copulas;

/// <summary>Draws on the unit cube in a module's precision.</summary>
internal static class UnitDraws
{
    /// <summary>u, float64, in (0, 1), rounded to that precision and never to 0 or 1, which no fit takes.</summary>
    public static Tensor In(Tensor u, ScalarType dtype) => u.to(dtype).clamp(dtype == float64 ? 1e-300 : 1e-38, dtype == float64 ? 1 - 1.1e-16 : 1 - 6e-8);
}
