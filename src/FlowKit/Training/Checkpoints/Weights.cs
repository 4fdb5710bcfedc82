namespace FlowKit.Training;

/// <summary>Tensors by name.</summary>
internal static class Weights
{
    private const int Named = 5;

    /// <summary>What keeps <paramref name="found"/> from being <paramref name="expected"/>, in words; null if names, shapes and dtypes agree.</summary>
    public static string? Difference(IReadOnlyDictionary<string, Tensor> expected, IReadOnlyDictionary<string, Tensor> found)
    {
        string[] missing = [.. expected.Keys.Except(found.Keys)], extra = [.. found.Keys.Except(expected.Keys)];
        if (missing.Length + extra.Length > 0)
            return string.Join("; ", new[] { Names("it lacks", missing), Names("the module has no", extra) }.Where(text => text.Length > 0));

        foreach (var (name, tensor) in expected)
            if (!tensor.shape.SequenceEqual(found[name].shape) || tensor.dtype != found[name].dtype)
                return $"'{name}' is {Describe(found[name])}; the module's is {Describe(tensor)}";
        return null;

        static string Names(string what, string[] names) => names.Length == 0 ? ""
            : $"{what} '{string.Join("', '", names.Take(Named))}'{(names.Length > Named ? $" and {names.Length - Named} more" : "")}";

        static string Describe(Tensor x) => $"{Guard.Describe(x)} of {x.dtype}";
    }

    /// <summary>Overwrites each tensor with the one of the same name.</summary>
    public static void Copy(IReadOnlyDictionary<string, Tensor> from, IReadOnlyDictionary<string, Tensor> to)
    {
        using var none = no_grad();
        foreach (var (name, tensor) in to) tensor.copy_(from[name]);
    }
}
