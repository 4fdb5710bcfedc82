using FlowKit.Conditioners;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests;

public class GatedConvNetTests
{
    [Theory]
    [InlineData(2, false)]
    [InlineData(0, true)]
    [InlineData(0, false)]
    public void It_is_the_papers_network_layer_by_layer(int heads, bool pointwise)
    {
        using var native = NativeMemory.Enter();
        const int width = 4;
        var net = Shaken(new GatedConvNet(3, 5, width, blocks: 2, heads, contextShape: [2, 3, 4], dropout: 0.5, positions: heads > 0 || pointwise ? [3, 4] : null, pointwise), 0.3);
        var (x, context, state) = (randn(2, 3, 3, 4, float64), randn(2, 2, 3, 4, float64), net.state_dict());

        var h = Conv("first", x);
        for (int k = 0; k < 2; k++)
        {
            string block = $"blocks.{k}.";
            var inside = Conv(block + "conv.inner", Elu(h)) + Conv(block + "conv.beside", Elu(context));
            h = Norm(block + "norm", h + Gate(Conv(block + "conv.outer", Elu(inside))));
            if (heads == 0 && !pointwise) continue;

            var all = Conv(block + "attention.project", h + state["places"].permute(2, 0, 1));
            Tensor[] read = [.. Enumerable.Range(0, 2).Select(i => heads > 0 ? Attention(all[i].flatten(1)).reshape(width, 3, 4) : all[i].reshape(width, 3, 3, 4).amax([1]))];
            h = Norm(block + "attentionNorm", h + Gate(Conv(block + "attention.last", stack(read, dim: 0))));
        }
        Assert.InRange(Distance(net.Forward(x, context), Conv("last", h)), 0, 1e-11);

        static Tensor Elu(Tensor h) => cat([h, -h], dim: 1).elu();

        static Tensor Gate(Tensor both) => both.narrow(1, 0, width) * both.narrow(1, width, width).sigmoid();

        Tensor Conv(string name, Tensor image)
        {
            var weight = state[name + ".weight"];
            if (weight.Dimensions == 2) weight = weight.unsqueeze(2).unsqueeze(3);
            long padding = weight.size(2) / 2;
            return nn.functional.conv2d(image, weight, state[name + ".bias"], padding: [padding, padding]);
        }

        Tensor Norm(string name, Tensor image)
        {
            var centered = image - image.mean([1], keepdim: true);
            return centered / (centered.square().mean([1], keepdim: true) + 1e-5).sqrt() * state[name + ".gain"].reshape(width, 1, 1) + state[name + ".bias"].reshape(width, 1, 1);
        }

        // Queries, keys and values, (3 width, N), each head by head.
        static Tensor Attention(Tensor all)
        {
            Tensor[] read = [.. Enumerable.Range(0, 2).Select(head =>
            {
                var (q, k, v) = (all.narrow(0, 2 * head, 2), all.narrow(0, width + 2 * head, 2), all.narrow(0, 2 * width + 2 * head, 2));
                return v.matmul((q.t().matmul(k) / Math.Sqrt(2)).softmax(1).t());
            })];
            return cat(read, dim: 0);
        }
    }

    [Fact]
    public void Its_parameters_are_those_of_the_published_code()
    {
        const long f = 96, channels = 3, outputs = channels * 98, height = 32, width = 16;
        long block = 27 * f * f + 12 * f, around = 9 * channels * f + f + 9 * f * outputs + outputs + height * width * f;
        foreach (bool pointwise in (bool[])[false, true])
        {
            using var net = new GatedConvNet(channels, outputs, f, blocks: 2, heads: pointwise ? 0 : 4, contextShape: [32, height, width], dropout: 0.2, positions: [height, width], pointwise);
            Assert.Equal(around + 2 * (block + 64 * f + f), net.ParameterCount);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_first_training_batch_sets_mean_and_deviation_of_every_output(long kernel)
    {
        manual_seed(1);
        var layer = new DataStartConv(3, 5, kernel, deviation: 0.1);
        var x = randn(40, 4, 4, 3) * 5 + 2;
        var columns = layer.Forward(x).flatten(0, 2);
        Assert.True(layer.IsInitialized);
        Assert.InRange(columns.mean([0]).abs().max().ToDouble(), 0, 1e-6);
        Assert.InRange((columns.std(0, unbiased: false) - 0.1).abs().max().ToDouble(), 0, 1e-6);

        var before = layer.state_dict()["weight"].clone();
        layer.Forward(randn(40, 4, 4, 3) * 100);
        Assert.Equal(0, Distance(layer.state_dict()["weight"], before));
    }

    [Fact]
    public void Batches_it_cannot_start_from_are_passed_over()
    {
        manual_seed(1);
        var layer = new DataStartConv(2, 3, kernel: 3);
        var before = layer.state_dict()["weight"].clone();
        layer.Forward(full([4, 3, 3, 2], float.NaN));
        layer.Forward(zeros(0, 3, 3, 2));
        layer.eval();
        layer.Forward(randn(4, 3, 3, 2));
        Assert.False(layer.IsInitialized);
        Assert.Equal(0, Distance(layer.state_dict()["weight"], before));

        layer.train();
        Assert.True(layer.Forward(zeros(4, 3, 3, 2)).isfinite().all().ToBoolean());   // nothing varies
        Assert.Equal(0, Distance(layer.state_dict()["weight"], before));
        Assert.True(layer.IsInitialized);
    }

    [Fact]
    public void Loaded_weights_are_not_set_anew()
    {
        manual_seed(1);
        var net = Make();
        net.Forward(randn(20, 2, 4, 4) * 3, null);
        using var stream = new MemoryStream();
        net.save(stream);

        var copy = Make();
        copy.load(new MemoryStream(stream.ToArray()));
        copy.train();
        copy.Forward(randn(20, 2, 4, 4) * 100 + 50, null);
        var (mine, loaded) = (net.state_dict(), copy.state_dict());
        Assert.All(mine, entry => Assert.Equal(0, Distance(loaded[entry.Key].to(float32), entry.Value.to(float32))));

        static GatedConvNet Make() => new(2, 4, width: 8, heads: 2, dropout: 0.2, positions: [4, 4]);
    }

    [Fact]
    public void Dropout_acts_in_training_alone_and_keeps_the_mean()
    {
        manual_seed(1);
        var net = Shaken(new GatedConvNet(2, 3, width: 8, blocks: 1, heads: 2, dropout: 0.4), 0.3);
        var x = randn(3, 2, 4, 4, float64);
        Assert.Equal(0, Distance(net.Forward(x, null), net.Forward(x, null)));
        net.train();
        Assert.True(Distance(net.Forward(x, null), net.Forward(x, null)) > 1e-2);

        // The last layer of a gate is linear in what is dropped: a, without the gate, keeps its mean.
        var layer = Shaken(new GatedConv(2, kernel: 1, context: 0, dropout: 0.4), 0.3);
        using (no_grad())
        {
            layer.state_dict()["outer.weight"].narrow(0, 2, 2).zero_();
            layer.state_dict()["outer.bias"].narrow(0, 2, 2).fill_(40);           // an open gate
            foreach (string conv in (string[])["inner", "outer"]) layer.state_dict()[conv + ".initialized"].fill_(true);
        }
        var h = randn(1, 2, 2, 2, float64);
        var exact = layer.Forward(h, null)[0];
        layer.train();
        var draws = layer.Forward(h.expand(20_000, -1, -1, -1), null);
        Assert.True(((draws.mean([0]) - exact).abs() / (draws.std(0) / Math.Sqrt(20_000))).max().ToDouble() < 4.5);
        Assert.True(draws.std(0).min().ToDouble() > 1e-3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_coupling_reads_what_passes_everywhere_and_what_it_maps_nowhere_else(bool pointwise)
    {
        manual_seed(1);
        var coupling = Shaken(new Coupling(Masks.Half(4, second: true), new AffineMap(), (i, o) => new GatedConvNet(
            i, o, width: 8, heads: pointwise ? 0 : 2, positions: [2, 3], pointwise: pointwise)), 0.3);
        var x = randn(1, 4, 2, 3, float64).requires_grad_();
        var z = coupling.Forward(x).Z;
        Assert.Equal(0, Distance(z.narrow(1, 0, 2), x.narrow(1, 0, 2)));
        for (int i = 0; i < 12; i++)
        {
            var reads = autograd.grad([z.narrow(1, 2, 2).flatten()[i]], [x], retain_graph: true)[0];
            var others = reads.narrow(1, 2, 2).flatten().abs();
            Assert.True(others[i].ToDouble() > 0);
            Assert.Equal(others[i].ToDouble(), others.sum().ToDouble());
            Assert.True(reads.narrow(1, 0, 2).abs().min().ToDouble() > 0, "a number that passes is not read");
        }
    }

    [Fact]
    public void Positions_tell_where_attention_is()
    {
        manual_seed(1);
        var net = new GatedConvNet(1, 1, width: 4, blocks: 1, heads: 2, positions: [1, 3]);
        var plain = Shaken(new GatedAttention(4, heads: 2, dropout: 0), 0.5);
        var h = randn(1, 1, 3, 4, float64);
        var places = randn(1, 3, 4, float64);
        Assert.InRange(Distance(plain.Forward(h.flip(2), null), plain.Forward(h, null).flip(2)), 0, 1e-12);
        Assert.True(Distance(plain.Forward(h.flip(2), places), plain.Forward(h, places).flip(2)) > 1e-3);
        Assert.Contains("2x3", Assert.Throws<ArgumentException>("x", () => net.Forward(randn(1, 1, 2, 3), null)).Message);
    }

    [Fact]
    public void Gradients_in_single_precision_are_those_of_double()
    {
        manual_seed(1);
        var net = Shaken(new GatedConvNet(3, 7, width: 12, blocks: 2, heads: 4, contextShape: [5, 6, 6], positions: [6, 6]), 0.1);
        var (x, context, weights) = (randn(4, 3, 6, 6, float64), randn(4, 5, 6, 6, float64), randn(4, 7, 6, 6, float64));
        var exact = Gradients(float64);
        net.to(float32);
        foreach (var (name, gradient) in Gradients(float32))
            Assert.True(Distance(gradient, exact[name]) <= 1e-4 * (1 + exact[name].abs().max().ToDouble()), name);

        Dictionary<string, Tensor> Gradients(ScalarType dtype)
        {
            net.zero_grad();
            var at = x.to(dtype).detach().requires_grad_();
            (net.Forward(at, context.to(dtype)) * weights.to(dtype)).sum().backward();
            return net.named_parameters().Select(it => (it.name, it.parameter.grad!.clone())).Append(("x", at.grad!.clone())).ToDictionary(it => it.Item1, it => it.Item2);
        }
    }

    [Fact]
    public void Settings_that_do_not_go_together_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("dropout", () => new GatedConvNet(2, 2, width: 4, dropout: 1));
        Assert.Contains("4 heads", Assert.Throws<ArgumentException>("pointwise", () => new GatedConvNet(2, 2, width: 4, heads: 4, pointwise: true)).Message);
        Assert.Contains("attention", Assert.Throws<ArgumentException>("positions", () => new GatedConvNet(2, 2, width: 4, positions: [4, 4])).Message);
        Assert.Contains("(4)", Assert.Throws<ArgumentException>("positions", () => new GatedConvNet(2, 2, width: 4, heads: 2, positions: 4)).Message);
    }
}
