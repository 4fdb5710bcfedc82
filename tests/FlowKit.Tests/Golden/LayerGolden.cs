using System.Text.Json;

namespace FlowKit.Tests.Golden;

/// <summary>The golden values of single layers: nested lists of numbers, in float64.</summary>
internal sealed class LayerGolden
{
    private readonly JsonElement root;

    private LayerGolden(JsonElement root) => this.root = root;

    /// <summary>The embedded file of that name.</summary>
    public static LayerGolden Read(string name)
    {
        using var stream = typeof(LayerGolden).Assembly.GetManifestResourceStream($"FlowKit.Tests.Golden.{name}.json")
            ?? throw new FileNotFoundException($"There are no golden values named {name}.");
        using var document = JsonDocument.Parse(stream);
        return new(document.RootElement.Clone());
    }

    /// <summary>The list under that path, as a tensor of the list's shape.</summary>
    public Tensor this[params string[] path]
    {
        get
        {
            var element = path.Aggregate(root, (at, key) => at.GetProperty(key));
            var (shape, values) = (new List<long>(), new List<double>());
            for (var at = element; at.ValueKind == JsonValueKind.Array; at = at[0]) shape.Add(at.GetArrayLength());
            Collect(element, values);
            return tensor(values, dtype: float64).reshape([.. shape]);
        }
    }

    private static void Collect(JsonElement at, List<double> values)
    {
        if (at.ValueKind == JsonValueKind.Array)
            foreach (var item in at.EnumerateArray()) Collect(item, values);
        else
            values.Add(at.GetDouble());
    }
}
