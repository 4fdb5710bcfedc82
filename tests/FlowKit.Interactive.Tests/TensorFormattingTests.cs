using FlowKit.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Formatting;
using SkiaSharp;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

[Collection(nameof(FlowKitExtension))]
public class TensorFormattingTests
{
    public TensorFormattingTests() => FlowKitExtension.Load();

    private static string Text(Tensor tensor) => Formatter.ToDisplayString(tensor, Mime.Text);

    [Fact]
    public void A_tensor_says_shape_type_device_statistics_and_values()
    {
        using var x = tensor(new[,] { { 1f, 2f }, { 3f, 4.5f } });
        Assert.Equal("Tensor (2, 2) float32 cpu  min 1  mean 2.625  max 4.5\n  1  2\n  3  4.5", Text(x));
    }

    [Fact]
    public void Only_a_corner_is_shown()
    {
        using var x = zeros(100, 100);
        string[] lines = Text(x).Split('\n');
        Assert.Equal(8, lines.Length);
        Assert.Equal("  0  0  0  0  0  0  0  0  ...", lines[1]);
        Assert.Equal("  ...", lines[7]);
    }

    [Fact]
    public void Scalars_empties_flags_integers_and_complex_numbers_have_their_own_words()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("Tensor () float64 cpu  min 3.5  mean 3.5  max 3.5\n  3.5", Text(tensor(3.5)));
        Assert.Equal("Tensor (0, 3) float32 cpu  empty", Text(zeros(0, 3)));
        Assert.EndsWith("\n  true  false", Text(tensor(new[] { true, false })));
        Assert.EndsWith("\n  7  -12345678", Text(tensor(new[] { 7L, -12345678L })));
        Assert.EndsWith("\n  3-4i", Text(complex(tensor(3f), tensor(-4f))));
        Assert.Contains("|z|: min 5", Text(complex(tensor(3f), tensor(-4f))));
        Assert.Contains("meta  no values", Text(zeros(3, device: META)));
    }

    [Fact]
    public void What_is_not_finite_is_counted_and_left_out_of_the_statistics()
    {
        using var x = tensor(new[] { 1.0, double.NaN, double.PositiveInfinity, 3.0, double.NegativeInfinity });
        Assert.Contains("min 1  mean 2  max 3  NaN 1  inf 2", Text(x));
        using var none = full(2, double.NaN);
        Assert.Contains("no finite value  NaN 2", Text(none));
        Assert.DoesNotContain("<img", Formatter.ToDisplayString(none, Mime.Html));
    }

    [Fact]
    public void A_disposed_tensor_says_so()
    {
        var x = zeros(2);
        x.Dispose();
        Assert.Equal("disposed tensor", Text(x));
        Assert.Contains("disposed tensor", Formatter.ToDisplayString(x, Mime.Html));
    }

    [Fact]
    public void A_giant_is_sampled_and_says_so()
    {
        using var giant = zeros(1).expand(3_000_000, 1_000_000);
        string text = Text(giant);
        Assert.StartsWith("Tensor (3000000, 1000000) float32 cpu  min 0  mean 0  max 0  (of ", text);
        Assert.True(TensorSummary.Thin(giant, 1_000_000).numel() is > 100_000 and <= 1_000_000);
        Assert.Contains("of 3000000000000 elements", text);
        Assert.True(Formatter.ToDisplayString(giant, Mime.Html).Length < 5_000);
    }

    [Fact]
    public void Looking_leaves_the_tensor_alone_and_no_other_behind()
    {
        using var scope = NewDisposeScope();
        var x = randn(20, 30, requires_grad: true);
        long before = scope.DisposablesCount;
        Assert.Contains("requires_grad", Text(x));
        _ = Formatter.ToDisplayString(x, Mime.Html);
        Assert.Equal(before, scope.DisposablesCount);
        Assert.False(x.IsInvalid);
    }

    [Theory, InlineData(256, 2, 256, 32), InlineData(1, 7, 252, 32), InlineData(28, 28, 252, 28), InlineData(5000, 4000, 250, 32)]
    public void The_strip_fits_its_place(int rows, int columns, int width, int height)
    {
        using var x = arange(rows * columns, dtype: float32).reshape(rows, columns);
        string html = Formatter.ToDisplayString(x, Mime.Html);
        int start = html.IndexOf("base64,", StringComparison.Ordinal) + 7;
        using var bitmap = SKBitmap.Decode(Convert.FromBase64String(html[start..html.IndexOf('"', start)]));
        Assert.Equal((width, height), (bitmap.Width, bitmap.Height));
        Assert.True(Pictures.Colors(bitmap) > 5);
    }
}
