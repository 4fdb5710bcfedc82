using System.Globalization;
using System.Text.Json.Nodes;

namespace FlowKit.Interactive.Rendering;

/// <summary>An animation as Plotly's JSON: the figure it starts with, and frames that a slider or a button shows.</summary>
internal static class PlotlyFrames
{
    private const int ControlsHeight = 84, Pause = 500;

    /// <summary>An object with data, layout and frames.</summary>
    public static string Json(Animation animation)
    {
        JsonNode[] figures = [.. animation.Frames.Select(frame => JsonNode.Parse(PlotlyRenderer.Json(frame.Figure with { Title = animation.Title }))!)];
        var first = figures[animation.Start].DeepClone();
        var layout = first["layout"]!;
        layout["height"] = (int)layout["height"]! + ControlsHeight;
        layout["margin"]!["b"] = ControlsHeight;
        layout["sliders"] = new JsonArray(Slider([.. animation.Frames.Select(frame => frame.Label)], animation.Start));
        layout["updatemenus"] = new JsonArray(Button());
        first["frames"] = new JsonArray([.. figures.Select((figure, i) => new JsonObject { ["name"] = Name(i), ["data"] = figure["data"]!.DeepClone(), ["layout"] = Titles(figure) })]);
        return first.ToJsonString();
    }

    // Titles of panels may change from frame to frame.
    private static JsonObject Titles(JsonNode figure) => new() { ["annotations"] = figure["layout"]!["annotations"]!.DeepClone() };

    private static JsonObject Slider(string[] labels, int start) => new()
    {
        ["active"] = start,
        ["x"] = 0.1,
        ["len"] = 0.85,
        ["y"] = 0,
        ["pad"] = new JsonObject { ["t"] = 20, ["b"] = 4 },
        ["currentvalue"] = new JsonObject { ["visible"] = true, ["xanchor"] = "left" },
        ["steps"] = new JsonArray([.. labels.Select((label, i) => new JsonObject
        {
            ["label"] = PlotlyRenderer.Plain(label),
            ["method"] = "animate",
            ["args"] = new JsonArray(new JsonArray(Name(i)), Timing(duration: 0)),
        })]),
    };

    private static JsonObject Button() => new()
    {
        ["type"] = "buttons",
        ["showactive"] = false,
        ["x"] = 0.08,
        ["xanchor"] = "right",
        ["y"] = 0,
        ["yanchor"] = "top",
        ["pad"] = new JsonObject { ["t"] = 28 },
        ["buttons"] = new JsonArray(new JsonObject { ["label"] = "Play", ["method"] = "animate", ["args"] = new JsonArray(null, Timing(Pause)) }),
    };

    private static JsonObject Timing(int duration) => new()
    {
        ["mode"] = "immediate",
        ["fromcurrent"] = true,
        ["frame"] = new JsonObject { ["duration"] = duration, ["redraw"] = true },
        ["transition"] = new JsonObject { ["duration"] = 0 },
    };

    private static string Name(int index) => index.ToString(CultureInfo.InvariantCulture);
}
