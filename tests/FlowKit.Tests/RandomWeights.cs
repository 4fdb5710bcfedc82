namespace FlowKit.Tests;

/// <summary>Weights at random for modules that start at zero or at the identity.</summary>
internal static class RandomWeights
{
    /// <summary>The module in double precision, each of its parameters from N(0, sd²), the same for the same seed.</summary>
    public static T Give<T>(T module, double sd, long seed = 8) where T : nn.Module
    {
        manual_seed(seed);
        using var none = no_grad();
        foreach (var parameter in module.parameters()) nn.init.normal_(parameter, std: sd);
        module.to(float64);
        return module;
    }
}
