using FlowKit.Compression;
using FlowKit.Conditioners;
using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;

namespace FlowKit.Tests.Compression;

public class CodecTests
{
    private static readonly Lazy<(Flow Flow, Codec Codec)> digits = new(() =>
    {
        manual_seed(0);
        using var gradients = enable_grad();                                  // whichever test is the first
        var flow = IntegerDiscreteFlow.ForImages(IntegerFlowSizes.Digits with { Couplings = 2, Maps = 24 });
        Trainer.Fit(flow, Digits.Split().Train.Images.reshape(-1, 1, 8, 8), options: new() { Steps = 200, BatchSize = 128, LearningRate = 5e-3, Threads = 1 });
        return (flow, Codec.Freeze(flow));
    });

    private static Tensor Test => Digits.Split().Test.Images.reshape(-1, 1, 8, 8);

    [Fact]
    public void A_whole_test_set_comes_back_exactly_and_has_the_length_that_the_frozen_model_says()
    {
        using var scope = NewDisposeScope();
        var x = Test;
        byte[] code = digits.Value.Codec.Encode(x);
        Assert.True(digits.Value.Codec.Decode(code, (int)x.size(0)).eq(x).all().ToBoolean());
        double bits = -digits.Value.Codec.LogProb(x).sum().ToDouble() / Math.Log(2);
        Assert.InRange(8 * code.Length - bits, -1, 64);
    }

    [Fact]
    public void The_frozen_model_is_as_good_as_the_trained_one()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var (flow, codec) = digits.Value;
        double trained = Bits.PerDimension(flow.LogProb(Test).to(float64).mean().ToDouble(), 64), frozen = Bits.PerDimension(codec.LogProb(Test).mean().ToDouble(), 64);
        Assert.InRange(frozen / trained - 1, -0.003, 0.003);
        Assert.InRange(trained, 1.5, 3.5);                // it has learned something: untrained it takes more than four bits
    }

    // Less than the best of gzip, bzip2, xz, PNG and WebP at 14x14 (4.65 bits); between gzip (4.48) and xz (3.86) at 28x28.
    [Theory]
    [InlineData("clothes-14", 14, 4.2, 4.6)]
    [InlineData("clothes-28", 28, 3.8, 4.3)]
    public void The_codecs_that_FlowKit_brings_for_clothes_code_images_they_have_not_seen(string name, int side, double least, double most)
    {
        using var scope = NewDisposeScope();
        var images = FashionMnist.Split(side).Test.Images[..200];
        if (side == 14) images = nn.functional.pad(images, [1, 1, 1, 1]);
        var codec = Codec.Load(name);
        byte[] code = codec.Encode(images);
        Assert.True(codec.Decode(code, 200).eq(images).all().ToBoolean());
        Assert.InRange(8.0 * code.Length / (200 * side * side), least, most);
    }

    [Fact]
    public void Numbers_far_off_come_back_too()
    {
        using var scope = NewDisposeScope();
        var x = randint(-2_000_000_000, 2_000_000_000, [7, 1, 8, 8], dtype: int64);
        x[0].fill_(int.MaxValue);
        x[1].fill_(int.MinValue);
        byte[] code = digits.Value.Codec.Encode(x);
        Assert.True(digits.Value.Codec.Decode(code, 7).eq(x).all().ToBoolean());
    }

    [Fact]
    public void The_code_of_an_image_does_not_depend_on_the_batch_it_is_in()
    {
        using var scope = NewDisposeScope();
        var x = Test[..40];
        var codec = digits.Value.Codec;
        Assert.Equal(codec.LogProb(x).data<double>().ToArray(), Enumerable.Range(0, 40).Select(i => codec.LogProb(x[i..(i + 1)]).sum().ToDouble()));
    }

    [Fact]
    public void A_saved_codec_decodes_what_the_first_one_coded()
    {
        using var scope = NewDisposeScope();
        using var files = new Scratch();
        var codec = digits.Value.Codec;
        codec.Save(files["digits.fkc"]);
        var other = Codec.Load(files["digits.fkc"]);
        Assert.Equal((codec.Identity, codec.Depth, codec.ImageShape), (other.Identity, other.Depth, other.ImageShape));
        Assert.True(other.Decode(codec.Encode(Test), 397).eq(Test).all().ToBoolean());
        Assert.Equal(codec.Encode(Test), other.Encode(Test));
    }

    [Fact]
    public void A_damaged_codec_is_refused()
    {
        using var files = new Scratch();
        digits.Value.Codec.Save(files["codec"]);
        byte[] bytes = File.ReadAllBytes(files["codec"]);
        var random = new Random(4);
        for (int trial = 0; trial < 200; trial++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Throws<InvalidDataException>(() => Codec.Load(files.Write(damaged)));
        }
        for (int trial = 0; trial < 50; trial++) Assert.Throws<InvalidDataException>(() => Codec.Load(files.Write(bytes[..random.Next(bytes.Length)])));
        bytes[4]++;
        Assert.Contains("version 2", Assert.Throws<InvalidDataException>(() => Codec.Load(files.Write(bytes))).Message);
    }

    [Fact]
    public void Fewer_levels_are_read_from_the_beginning_and_more_of_them_come_nearer()
    {
        using var scope = NewDisposeScope();
        var codec = digits.Value.Codec;
        byte[] code = codec.Encode(Test);
        double coarse = Error(1), fine = Error(2);
        Assert.Equal(0, fine);
        Assert.InRange(coarse, 0.1, 40);
        Assert.True(coarse < (Test - Test.mean()).pow(2).mean().ToDouble() * 1.5);
        Assert.Throws<ArgumentOutOfRangeException>(() => codec.Decode(code, 397, levels: 3));

        double Error(int levels) => (codec.Decode(code, 397, levels).to(float64) - Test).pow(2).mean().ToDouble();
    }

    [Fact]
    public void Vectors_are_coded_too()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = IntegerDiscreteFlow.Create(features: 3, couplings: 3, levels: 16);
        foreach (var weight in flow.parameters()) nn.init.normal_(weight, std: 0.2);
        var codec = Codec.Freeze(flow);
        var x = randint(0, 16, [500, 3], dtype: int64);
        byte[] code = codec.Encode(x);
        Assert.True(codec.Decode(code, 500).eq(x).all().ToBoolean());
        double bits = -codec.LogProb(x).sum().ToDouble() / Math.Log(2);
        Assert.InRange(8 * code.Length - bits, -1, 64);
        Assert.InRange(bits / (-flow.LogProb(x).sum().to(float64).ToDouble() / Math.Log(2)), 0.99, 1.01);
    }

    [Fact]
    public void What_cannot_be_evaluated_exactly_is_refused_by_name()
    {
        Assert.Contains("Mlp with ReLU", Refused(new Coupling(Masks.LastQuarter(4), new IntegerShiftMap(), (i, o) => new Mlp(i, o, [8], activation: Activation.SiLU))));
        Assert.Contains("power of two", Refused(new Coupling(Masks.LastQuarter(4), new IntegerShiftMap(Unit: 3), (i, o) => new Mlp(i, o, [8]))));
        Assert.Contains("Coupling", Refused(new Coupling(Masks.LastQuarter(4), new AffineMap(), (i, o) => new Mlp(i, o, [8]))));

        static string Refused(Transform transform) =>
            Assert.Throws<ArgumentException>(() => Codec.Freeze(new Flow(transform, new DiscretizedLogistic().Learned(4)))).Message;
    }

    [Fact]
    public void Images_of_another_shape_or_kind_are_refused()
    {
        using var scope = NewDisposeScope();
        var codec = digits.Value.Codec;
        Assert.Throws<ArgumentException>(() => codec.Encode(zeros(2, 1, 8, 9)));
        Assert.Throws<ArgumentException>(() => codec.Encode(zeros(0, 1, 8, 8)));
        Assert.Throws<ArgumentException>(() => codec.Encode(full([1, 1, 8, 8], 0.5)));
        Assert.Throws<ArgumentException>(() => codec.Encode(full([1, 1, 8, 8], 1e12)));
        Assert.Throws<InvalidDataException>(() => codec.Decode(new byte[8], 1));
        Assert.Throws<InvalidDataException>(() => codec.Decode(codec.Encode(zeros(2, 1, 8, 8)), 3));
    }
}
