using FlowKit.Interactive.Rendering;
using FlowKit.Training;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;
using TorchSharp;

namespace FlowKit.Interactive.Formatting;

/// <summary>What shows as what.</summary>
internal static class Formatters
{
    public static void Register()
    {
        Show<Figure>((Mime.Plotly, figure => PlotlyRenderer.Json(figure.ToPlotly())), (Mime.Png, Base64), (Mime.Text, figure => figure.ToString()));
        Show<History>(
            (Mime.Plotly, history => PlotlyRenderer.Json(Figures.Loss(history).ToPlotly())),
            (Mime.Png, history => Base64(Figures.Loss(history))),
            (Mime.Text, history => Figures.Loss(history).ToString()));
        Show<GenericChart>((Mime.Plotly, PlotlyRenderer.Json), (Mime.Text, chart => $"Plotly chart of {GenericChart.countTrace(chart)} traces"));
        Show<torch.Tensor>((Mime.Html, tensor => TensorSummary.Of(tensor).ToHtml()), (Mime.Text, tensor => TensorSummary.Of(tensor).ToText()));
        Show<ResultTable>((Mime.Html, results => Tables.Of(results).ToHtml()), (Mime.Text, results => Tables.Of(results).ToText()));
        Show<Estimate>((Mime.Text, estimate => estimate.ToString()));
        Show<FlowModule>((Mime.Text, module => FormattableString.Invariant($"{module.GetName()}, {module.ParameterCount:N0} parameters")));
        Show<DataFrame>((Mime.Html, frame => Tables.Of(frame).ToHtml()), (Mime.Text, frame => Tables.Of(frame).ToText()));
    }

    private static string Base64(Figure figure) => Convert.ToBase64String(figure.ToPng());

    private static void Show<T>(params (string Mime, Func<T, string> Write)[] forms)
    {
        foreach (var (mime, write) in forms) Formatter.Register<T>((value, writer) => writer.Write(write(value)), mime);
        Formatter.SetPreferredMimeTypesFor(typeof(T), [.. forms.Select(form => form.Mime)]);
    }
}
