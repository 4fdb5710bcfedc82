using System.Text.Json;

namespace FlowKit.Tests.Golden;

/// <summary>A conditional MAF of zuko with its weights, masks and answers, in float64.</summary>
internal sealed class GoldenMaf
{
    private readonly JsonElement root;

    public GoldenMaf()
    {
        using var stream = typeof(GoldenMaf).Assembly.GetManifestResourceStream("FlowKit.Tests.Golden.zuko_maf_ctx.json")!;
        root = JsonDocument.Parse(stream).RootElement;
    }

    public Tensor X => Read(root.GetProperty("x"));

    public Tensor Context => Read(root.GetProperty("c"));

    public Tensor Z => Read(root.GetProperty("z"));

    public Tensor LogDet => Read(root.GetProperty("ladj"));

    public Tensor LogProb => Read(root.GetProperty("log_prob"));

    /// <summary>weight, bias or mask of a linear layer of a transform; zuko numbers the activations too.</summary>
    public Tensor Layer(int transform, int layer, string what) => Read(root.GetProperty("state").GetProperty($"transform.transforms.{transform}.hyper.{2 * layer}.{what}"));

    private static Tensor Read(JsonElement json)
    {
        if (json[0].ValueKind != JsonValueKind.Array) return tensor(json.EnumerateArray().Select(Number).ToArray(), dtype: float64, device: CPU);

        var rows = json.EnumerateArray().Select(row => row.EnumerateArray().Select(Number).ToArray()).ToArray();
        return tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length], dtype: float64, device: CPU);
    }

    private static double Number(JsonElement value) => value.ValueKind switch { JsonValueKind.True => 1, JsonValueKind.False => 0, _ => value.GetDouble() };
}
