using System.Globalization;
using System.Text;
using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit;

/// <summary>A module as a line of text, and the modules inside it as lines below: what a flow shows of itself.</summary>
/// <param name="Text">Kind, shapes, parameters.</param>
/// <param name="Children">In the order data passes them, each with the name it has in its parent.</param>
internal sealed record ModuleNode(string Text, IReadOnlyList<(string Name, ModuleNode Node)> Children)
{
    /// <summary>The tree of a module, down to distributions, transforms and their networks.</summary>
    public static ModuleNode Of(nn.Module module) =>
        new(Describe(module), module is Transform or Distribution ? [.. Runs([.. Inside(module)])] : []);

    /// <summary>The tree as lines, branches drawn.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Text);
        Append(text, "");
        return text.ToString();
    }

    private void Append(StringBuilder text, string indent)
    {
        for (int i = 0; i < Children.Count; i++)
        {
            var (name, node) = Children[i];
            bool last = i == Children.Count - 1;
            text.Append('\n').Append(indent).Append(last ? "└─ " : "├─ ").Append(name).Append(": ").Append(node.Text);
            node.Append(text, indent + (last ? "   " : "│  "));
        }
    }

    // A list is not a level of its own: its modules stand in its place.
    private static IEnumerable<(string Name, ModuleNode Node)> Inside(nn.Module module) => module.named_children().SelectMany(child =>
        child.module is Transform or Distribution or Conditioner ? [(child.name, Of(child.module))]
        : IsList(child.module) ? child.module.named_children().Select(item => (item.name, Of(item.module)))
        : child.module.parameters().Any() ? [(child.name, Of(child.module))] : Enumerable.Empty<(string, ModuleNode)>());

    private static bool IsList(nn.Module module) => module.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(TorchSharp.Modules.ModuleList<>);

    /// <summary>Neighbors that read alike become one: "0-7: 8 x Coupling".</summary>
    private static IEnumerable<(string Name, ModuleNode Node)> Runs((string Name, ModuleNode Node)[] all)
    {
        for (int start = 0, end; start < all.Length; start = end)
        {
            string text = all[start].Node.ToString();
            end = start + 1;
            while (end < all.Length && all[end].Node.ToString() == text) end++;
            var (name, node) = all[start];
            yield return end - start == 1 ? (name, node) : ($"{name}-{all[end - 1].Name}", node with { Text = $"{end - start} x {node.Text}{(node.Text.Contains(" parameter") ? " each" : "")}" });
        }
    }

    private static string Describe(nn.Module module)
    {
        string name = module is FlowModule ? module.GetName() : module.GetType().Name, detail = (module as FlowModule)?.Detail ?? "";
        var words = new List<string> { detail.Length > 0 ? $"{name} {detail}" : name };
        words.AddRange(module switch
        {
            Flow flow => [Map(flow.EventShape, flow.Base.EventShape), .. Traits(flow, flow.IsExact)],
            Distribution distribution => [Sizes(distribution.EventShape), .. Traits(distribution, distribution.IsExact)],
            Transform transform => [Map(transform.DataShape, transform.LatentShape), .. Traits(transform, transform.IsExact)],
            Conditioner conditioner => [$"{conditioner.Inputs} -> {conditioner.Outputs}", .. Traits(conditioner, true)],
            _ => Array.Empty<string>(),
        });
        long parameters = module.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.NumberOfElements);
        if (parameters > 0) words.Add(string.Create(CultureInfo.InvariantCulture, $"{parameters:N0} {(parameters == 1 ? "parameter" : "parameters")}"));
        return string.Join("  ", words.Where(word => word.Length > 0));
    }

    private static IEnumerable<string> Traits(FlowModule module, bool isExact) =>
        [module.ContextShape is { } context ? $"given c {context}" : "", isExact ? "" : "lower bound"];

    private static string Map(Shape data, Shape latent) => data.Equals(latent) ? Sizes(data) : $"{Sizes(data)} -> {Sizes(latent)}";

    // What may follow the features is left out.
    private static string Sizes(Shape shape) => shape.Count == 0 ? "" : shape[..].ToString();
}
