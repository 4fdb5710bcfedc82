using System.Globalization;
using FlowKit.Interactive.Rendering;
using SkiaSharp;
using static FlowKit.Interactive.Tests.Pictures;

namespace FlowKit.Interactive.Tests;

public class StaticPictureTests
{
    private static readonly SKColor Yellow = new(253, 231, 37), Purple = new(68, 1, 84);

    public static TheoryData<string> Layers => [.. Samples.Keys];

    private static readonly Dictionary<string, Layer> Samples = new()
    {
        ["heat map"] = new HeatMap([0, 1, 2], [0, 1], new double[,] { { 0, 1, 2 }, { 3, 4, 5 } }),
        ["points"] = new Points([0, 1, 2], [2, 0, 1]),
        ["grouped points"] = new Points([0, 1, 2], [2, 0, 1]) { Groups = ["b", "a", "b"] },
        ["valued points"] = new Points([0, 1, 2], [2, 0, 1]) { Values = [1, 2, double.NaN] },
        ["curve"] = new Curve([0, 1, 2], [2, double.NaN, 1]) { Band = ([1, 1, 1], [3, 3, 3]), Dashed = true },
        ["contours"] = new Contours([0, 1, 2], [0, 1], new double[,] { { 0, 1, 2 }, { 3, 4, 5 } }, 1.5, 3.5),
        ["arrows"] = new Arrows([0, 1], [0, 1], [1, -1], [0.5, double.NaN]),
        ["labels"] = new Labels([0, 1, 2], [0, 1, double.NaN], ["{0, 1}", "∅", "S"]),
        ["bars"] = new Bars([0, 1, 2], [1, double.NaN]),
        ["images"] = new ImageGrid([new byte[,] { { 0, 255 }, { 100, 200 } }], 1),
        ["boxes"] = new Boxes([0, 2, double.NaN], [0, 1, 0], [1, 1, 1], [1, 1, 1]) { Texts = ["∅", "two\nlines", ""] },
        ["grid lines"] = new GridLines(new double[,] { { 0, 1 }, { 0, 1 } }, new double[,] { { 0, 0 }, { 1, 2 } }),
    };

    [Theory, MemberData(nameof(Layers))]
    public void Every_layer_makes_a_picture_of_the_planned_size(string name)
    {
        var figure = new Figure("Title", [new Panel("panel", [Samples[name]])]);
        using var bitmap = Decode(figure);
        var plan = FigureLayout.Of(figure);
        Assert.Equal((plan.Width, plan.Height), (bitmap.Width, bitmap.Height));
        Assert.True(Colors(bitmap) > 8, $"only {Colors(bitmap)} colors");
    }

    [Fact]
    public void A_heat_map_shows_its_largest_cell_yellow_and_its_smallest_purple_where_they_are()
    {
        var figure = Of(Samples["heat map"]);
        using var bitmap = Decode(figure);
        Assert.True(Near(At(figure, bitmap, 2, 1), Yellow));
        Assert.True(Near(At(figure, bitmap, 0, 0), Purple));
    }

    [Fact]
    public void A_cell_that_is_not_a_number_stays_blank()
    {
        var figure = Of(new HeatMap([0, 1], [0, 1], new[,] { { double.NaN, 1 }, { 2, 3 } }));
        using var bitmap = Decode(figure);
        Assert.Equal(SKColors.White, At(figure, bitmap, 0, 0));
    }

    [Fact]
    public void Panels_share_their_colors_unless_told_otherwise()
    {
        Figure low = Of(new HeatMap([0, 1], [0, 1], new double[,] { { 0, 1 }, { 1, 1 } })), high = Of(new HeatMap([0, 1], [0, 1], new double[,] { { 0, 10 }, { 10, 10 } }));
        var shared = Figure.Row("", low, high);
        using var together = Decode(shared);
        using var apart = Decode(shared with { ShareColors = false });
        Assert.False(Near(At(shared, together, 1, 1), Yellow, 60));
        Assert.True(Near(At(shared, apart, 1, 1), Yellow));
    }

    [Fact]
    public void A_point_is_where_its_coordinates_are()
    {
        var figure = Of(new Points([0, 1, 4], [0, 3, 2]) { Size = 10, Opacity = 1, Color = "#d62728" });
        using var bitmap = Decode(figure);
        Assert.True(Near(At(figure, bitmap, 1, 3), new SKColor(0xd6, 0x27, 0x28)));
        Assert.Equal(SKColors.White, At(figure, bitmap, 3.3, 0.7));
    }

    [Fact]
    public void Bars_stand_on_zero()
    {
        var figure = Of(new Bars([0, 1, 2], [2, 1]) { Color = "#000000" });
        using var bitmap = Decode(figure);
        Assert.Equal(At(figure, bitmap, 0.3, 1.7), At(figure, bitmap, 0.3, 0.3));
        Assert.NotEqual(At(figure, bitmap, 1.3, 0.9), At(figure, bitmap, 1.3, 1.1));
    }

    [Fact]
    public void What_is_translucent_is_drawn_once()
    {
        var figure = Of(new Bars([0, 1, 2], [2, 1]) { Color = "#000000" });
        using var bitmap = Decode(figure);
        Assert.True(Near(At(figure, bitmap, 0.5, 1.9), new SKColor(102, 102, 102)));      // black at 0.6
    }

    [Fact]
    public void A_legend_is_not_cut_where_the_panel_is_low()
    {
        string[] names = [.. Enumerable.Range(0, 12).Select(i => $"{i}")];
        var figure = new Figure("", [new Panel("", [new Points([.. names.Select(double.Parse)], [.. names.Select(double.Parse)]) { Groups = names }]) { Height = 60 }]);
        Assert.True(FigureLayout.Of(figure).Height > 12 * 19);
    }

    [Fact]
    public void Images_keep_their_gray_levels_in_reading_order()
    {
        var figure = Of(new ImageGrid([new byte[,] { { 0, 255 } }, new byte[,] { { 128, 64 } }], 1));
        using var bitmap = Decode(figure);
        var box = FigureLayout.Of(figure).Boxes[0];
        byte[] grays = [.. new[] { (16, 16), (48, 16), (16, 50), (48, 50) }.Select(at => bitmap.GetPixel((int)box.DataLeft + at.Item1, (int)box.DataTop + at.Item2).Red)];
        Assert.Equal([0, 255, 128, 64], grays);
    }

    [Fact]
    public void Images_keep_their_colors()
    {
        var figure = Of(new ImageGrid([[new byte[,] { { 250, 10 } }, new byte[,] { { 20, 200 } }, new byte[,] { { 30, 40 } }]], 1));
        using var bitmap = Decode(figure);
        var box = FigureLayout.Of(figure).Boxes[0];
        var seen = new[] { 16, 48 }.Select(x => bitmap.GetPixel((int)box.DataLeft + x, (int)box.DataTop + 16));
        Assert.Equal([(250, 20, 30), (10, 200, 40)], seen.Select(pixel => ((int)pixel.Red, (int)pixel.Green, (int)pixel.Blue)));
    }

    [Fact]
    public void An_image_pixel_has_sharp_borders()
    {
        var figure = Of(new ImageGrid([new byte[,] { { 0, 255 }, { 255, 0 } }], 1));
        using var bitmap = Decode(figure);
        var box = FigureLayout.Of(figure).Boxes[0];
        var inside = Enumerable.Range(0, 64).SelectMany(y => Enumerable.Range(0, 64).Select(x => bitmap.GetPixel((int)box.DataLeft + x, (int)box.DataTop + y)));
        Assert.Equal(2, inside.Distinct().Count());
    }

    [Fact]
    public void Text_needs_no_installed_font()
    {
        Assert.Equal("DejaVu Sans", EmbeddedFont.Typeface.FamilyName);
        Assert.All("Σ∂∇ℝ∈→≤±₁²ü".EnumerateRunes(), rune => Assert.NotEqual(0, EmbeddedFont.Typeface.GetGlyph(rune.Value)));
        using var titled = Decode(new Figure("A title", [new Panel("", [Samples["curve"]])]));
        Assert.Contains(titled.Pixels.Take(titled.Width * 30), pixel => pixel.Red < 80);
    }

    [Fact]
    public void A_long_title_stays_inside_the_picture()
    {
        var figure = new Figure(string.Concat(Enumerable.Repeat("long title ", 6)), [new Panel(string.Concat(Enumerable.Repeat("panel ", 9)), [Samples["points"]])]);
        using var bitmap = Decode(figure);
        Assert.All(Enumerable.Range(0, bitmap.Height), y => Assert.Equal((SKColors.White, SKColors.White), (bitmap.GetPixel(0, y), bitmap.GetPixel(bitmap.Width - 1, y))));
    }

    [Theory, InlineData(-1.5e7, 2.5e7), InlineData(1.2345e-5, 1.2399e-5)]
    public void Wide_tick_labels_get_the_room_they_need(double low, double high)
    {
        using var bitmap = Decode(Of(new HeatMap([0, 1], [low, high], new[,] { { low, high }, { low, high } })));
        Assert.All(Enumerable.Range(0, bitmap.Height), y => Assert.Equal((SKColors.White, SKColors.White), (bitmap.GetPixel(1, y), bitmap.GetPixel(bitmap.Width - 2, y))));
    }

    [Theory, InlineData(140, -4.4, 4.4), InlineData(210, -4, 4), InlineData(320, -4, 4)]
    public void Each_axis_has_at_least_two_ticks(int side, double low, double high)
    {
        var figure = new Figure("", [new Panel("", [Samples["heat map"]]) { X = (low, high), Y = (low, high), Width = side, Height = side }]);
        using var bitmap = Decode(figure);
        var box = FigureLayout.Of(figure).Boxes.Single();
        int left = (int)box.DataLeft, top = (int)box.DataTop, below = (int)(box.DataTop + box.DataHeight);
        Assert.InRange(Marks(Enumerable.Range(top + 2, side - 4).Select(y => bitmap.GetPixel(left - 3, y))), 2, 9);
        Assert.InRange(Marks(Enumerable.Range(left + 2, side - 4).Select(x => bitmap.GetPixel(x, below + 3))), 2, 9);

        static int Marks(IEnumerable<SKColor> line)
        {
            bool[] dark = [.. line.Select(pixel => pixel.Red < 160)];
            return dark.Zip(dark.Skip(1)).Count(pair => pair is (false, true));
        }
    }

    [Fact]
    public void A_picture_is_the_same_in_every_culture()
    {
        var figure = Of(new Curve([0, 0.3], [1e-5, 25_000]));
        byte[] plain = figure.ToPng();
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new("de-DE") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };
        try
        {
            Assert.Equal(plain, figure.ToPng());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void A_saved_picture_is_the_picture_and_nothing_else_is_left()
    {
        string folder = Directory.CreateTempSubdirectory("flowkit").FullName;
        try
        {
            var figure = Of(Samples["points"]);
            figure.SavePng(Path.Combine(folder, "a.png"));
            figure.SavePng(Path.Combine(folder, "a.png"));
            Assert.Equal(figure.ToPng(), File.ReadAllBytes(Assert.Single(Directory.GetFiles(folder))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_picture_is_small()
    {
        double[] centers = [.. Enumerable.Range(0, 200).Select(i => (double)i)];
        double[,] waves = new double[200, 200];
        for (int i = 0; i < waves.Length; i++) waves[i / 200, i % 200] = Math.Exp(-Math.Pow(Math.Sin(i / 4000.0) + Math.Cos(i % 200 / 20.0), 2));
        Assert.InRange(Of(new HeatMap(centers, centers, waves)).ToPng().Length, 1_000, 80_000);
    }
}
