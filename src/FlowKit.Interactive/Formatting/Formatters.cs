using System.Runtime.CompilerServices;
using FlowKit.Experiments;
using FlowKit.Interactive.Rendering;
using FlowKit.Training;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;
using SkiaSharp;
using TorchSharp;

namespace FlowKit.Interactive.Formatting;

/// <summary>What shows as what.</summary>
internal static class Formatters
{
    private static readonly ConditionalWeakTable<History, Figure> losses = [];

    public static void Register()
    {
        Show<HtmlOutput>((Mime.Html, output => output.Html), (Mime.Text, output => output.Text));
        Show<LivePicture>((Mime.Html, picture => picture.Html), (Mime.Png, picture => picture.Figure.Base64()), (Mime.Text, picture => picture.Words));
        Show<History>((Mime.Html, history => ChartHtml.Of(Loss(history))), (Mime.Png, history => Loss(history).Base64()), (Mime.Text, history => Loss(history).ToString()));
        Offer<History>((Mime.Plotly, history => PlotlyRenderer.Json(Loss(history))));
        Show<GenericChart>((Mime.Html, chart => ChartHtml.Of(PlotlyRenderer.Json(chart), $"<p>{Describe(chart)}: shown where the notebook is trusted</p>")), (Mime.Text, Describe));
        Offer<GenericChart>((Mime.Plotly, PlotlyRenderer.Json));
        Show<torch.Tensor>((Mime.Html, tensor => TensorSummary.Of(tensor).ToHtml()), (Mime.Text, tensor => TensorSummary.Of(tensor).ToText()));
        ShowTable<Data.Table>(Tables.Of);
        ShowTable<ResultTable>(Tables.Of);
        ShowTable<PaperTable>(Tables.Of);
        ShowTable<TruthTable>(Tables.Of);
        ShowTable<ClaimTable>(Tables.Of);
        Show<Estimate>((Mime.Text, estimate => estimate.ToString()));
        Show<SKBitmap>((Mime.Png, bitmap => Convert.ToBase64String(Mosaic.Png(bitmap))));
        Show<SKImage>((Mime.Png, Base64));
        Show<DataFrame>((Mime.Html, frame => Tables.Of(frame).ToHtml()), (Mime.Text, frame => Tables.Of(frame).ToText()));
        Offer<DataFrame>((Mime.Json, FrameJson.Of));
    }

    private static string Describe(GenericChart chart) => $"Plotly chart of {GenericChart.countTrace(chart)} traces";

    private static Figure Loss(History history) => losses.GetValue(history, static history => Figures.Loss(history));

    private static string Base64(SKImage image)
    {
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return Convert.ToBase64String(data.ToArray());
    }

    private static void ShowTable<T>(Func<T, Table> read) => Show<T>((Mime.Html, value => read(value).ToHtml()), (Mime.Text, value => read(value).ToText()));

    /// <summary>The forms a value shows itself in.</summary>
    private static void Show<T>(params (string Mime, Func<T, string> Write)[] forms)
    {
        Offer(forms);
        Formatter.SetPreferredMimeTypesFor(typeof(T), [.. forms.Select(form => form.Mime)]);
    }

    /// <summary>Forms that are there for the asking: <c>display(figure, "image/png")</c>.</summary>
    private static void Offer<T>(params (string Mime, Func<T, string> Write)[] forms)
    {
        foreach (var (mime, write) in forms) Formatter.Register<T>((value, writer) => writer.Write(write(value)), mime);
    }
}
