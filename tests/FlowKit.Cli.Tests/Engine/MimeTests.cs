using System.Text.Json;

namespace FlowKit.Cli.Tests;

public sealed class MimeTests : IDisposable
{
    private const string Picture = """
        using Microsoft.DotNet.Interactive.Formatting;
        public record Plot(string Title);
        public record Broken;
        Formatter.SetPreferredMimeTypesFor(typeof(Plot), "application/vnd.plotly.v1+json", "image/png", "text/html");
        Formatter.Register(typeof(Plot), (o, w) => w.Write("{\"data\": [1, 2]}"), "application/vnd.plotly.v1+json");
        Formatter.Register(typeof(Plot), (o, w) => w.Write("aGVsbG8="), "image/png");
        Formatter.Register(typeof(Plot), (o, w) => w.Write("<p>\n" + ((Plot)o).Title + "</p>"), "text/html");
        Formatter.SetPreferredMimeTypesFor(typeof(Broken), "text/html");
        Formatter.Register(typeof(Broken), (Action<object, TextWriter>)((o, w) => throw new InvalidOperationException("torn")), "text/html");
        """;

    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void Json_is_stored_as_an_object_pictures_as_base64_and_text_as_lines()
    {
        var outputs = work.Run([Picture, "new Plot(\"t\")"]);
        var data = outputs[1][0]!["data"]!;
        Assert.Equal(2, (int)data["application/vnd.plotly.v1+json"]!["data"]![1]!);
        Assert.Equal("aGVsbG8=", (string)data["image/png"]!);
        Assert.Equal(["<p>\n", "t</p>"], data["text/html"]!.AsArray().Select(line => (string)line!));
        Assert.Contains("2 of 2 cells, 1 picture, ", work.Output);
    }

    [Fact]
    public void A_formatter_that_throws_is_shown_in_the_values_place()
    {
        var outputs = work.Run([Picture, "new Broken()"]);
        Assert.Equal(0, work.ExitCode);
        Assert.Contains("torn", outputs[1].Words()[0]);
    }

    [Fact]
    public void A_mime_type_can_be_asked_for()
    {
        var outputs = work.Run([Picture, "display(new Plot(\"t\"), \"text/html\");"]);
        Assert.Equal(["text/html"], outputs[1][0]!["data"]!.AsObject().Select(entry => entry.Key));
    }

    [Fact]
    public void Numbers_and_strings_are_plain_text_only()
    {
        foreach (var output in work.Run(["1", "\"s\"", "1.5", "true", "'c'", "DayOfWeek.Friday", "2.5m"]))
            Assert.Equal(["text/plain"], output[0]!["data"]!.AsObject().Select(entry => entry.Key));
    }

    [Fact]
    public void Text_that_pretends_to_be_json_stays_text() =>
        Assert.Equal(JsonValueKind.String, MimeBundle.Of(Half.One, "application/vnd.none+json")["application/vnd.none+json"]!.GetValueKind());
}
