using System.Text.Json;

namespace FlowKit.Tests.Golden;

/// <summary>Golden values of elementwise maps: for each point its parameters by name, (N, P), and its results, (N).</summary>
internal sealed class MapGolden
{
    private readonly JsonElement root;

    /// <summary>The embedded file of that name.</summary>
    public MapGolden(string name)
    {
        using var stream = typeof(MapGolden).Assembly.GetManifestResourceStream($"{typeof(MapGolden).Namespace}.{name}.json")
            ?? throw new FileNotFoundException($"There are no golden values named {name}.");
        using var document = JsonDocument.Parse(stream);
        root = document.RootElement.Clone();
    }

    /// <summary>One number for each point, (N).</summary>
    public Tensor Points(string key) => tensor(Read<double[]>(key), dtype: float64);

    /// <summary>A row of numbers for each point, (N, P).</summary>
    public Tensor Rows(string key)
    {
        double[][] rows = Read<double[][]>(key);
        return tensor([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length], dtype: float64);
    }

    /// <summary>One number for all.</summary>
    public double Number(string key) => Read<double>(key);

    private T Read<T>(string key) => root.GetProperty(key).Deserialize<T>()!;
}
