using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using TorchSharp.Modules;

namespace FlowKit.Tests.Training;

/// <summary>What a training is told to take, against what is known by hand and what it takes.</summary>
public sealed class TrainingMemoryTests
{
    private const int Width = 512, Depth = 6, Rows = 4096;         // the compiler of .NET, too, takes memory now and then, 64 KiB at a time

    [Theory]
    [InlineData(ScalarType.Float32, 4)]
    [InlineData(ScalarType.Float64, 8)]
    public void Of_a_chain_of_linear_layers_each_leaves_its_output(ScalarType dtype, int size)
    {
        using var model = new Layers();
        model.to(dtype);
        using var x = randn(Rows, Width, dtype: dtype);
        var memory = TrainingMemory.Of(model, x);

        long parameters = (long)Depth * Width * Width * size;
        Assert.Equal((parameters, parameters, 2 * parameters), (memory.Parameters, memory.Gradients, memory.OptimizerState));
        // The square also keeps its own argument, the last output; tanh keeps what it gives, which is the next layer's argument.
        Assert.InRange((double)memory.PerExample!.Value / (Depth * Width * size), 0.99, 1.02);
        Assert.InRange(memory.Shared!.Value, 0, 500_000);
        Assert.Equal(4 * parameters + memory.Shared + 1000 * memory.PerExample, memory.ForBatch(1000));
    }

    [Fact]
    public void What_a_pass_makes_of_the_weights_is_shared_by_the_batch()
    {
        using var model = new Layers(isScaled: true);
        using var x = randn(Rows, Width);
        var memory = TrainingMemory.Of(model, x);

        // The first product is not kept: its other factor, x, needs no gradient.
        Assert.InRange((double)memory.Shared!.Value / ((Depth - 1) * Width * Width * 4), 0.9, 1.1);
        Assert.InRange((double)memory.PerExample!.Value / (Depth * Width * 4), 0.99, 1.02);
    }

    [Fact]
    public void What_is_kept_grows_with_the_layers_that_train()
    {
        using var model = new Layers();
        using var x = randn(Rows, Width);
        foreach (var frozen in model.parameters().Take(Depth / 2)) frozen.requires_grad = false;
        var memory = TrainingMemory.Of(model, x);

        Assert.Equal(memory.Parameters / 2, memory.Gradients);
        Assert.Equal(memory.Parameters, memory.OptimizerState);
        // The argument of the first layer that trains, and the outputs of all that do.
        Assert.InRange((double)memory.PerExample!.Value / (Width * 4), Depth / 2 + 0.95, Depth / 2 + 1.05);
    }

    [Fact]
    public void An_image_flow_takes_in_its_training_what_was_told_of_a_smaller_batch()
    {
        manual_seed(0);
        using var scope = NewDisposeScope();
        const int Batch = 96;
        var flow = RealNvp.ForImages(new(1, 16, 16) { Scales = 2, Blocks = 1, Maps = 16 });
        var images = randint(0, 256, [Batch, 1, 16, 16], dtype: float32);
        var memory = TrainingMemory.Of(flow, images[..32]);
        // When a forward pass is over, and its way back has not begun: no gradients, and the parameters were there before.
        long told = memory.ForBatch(Batch)!.Value - memory.Parameters - memory.Gradients;

        var options = new FitOptions { Steps = 3, BatchSize = Batch, Threads = 1 };
        Trainer.Fit(flow, images, options: options);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = NativeMemory.InUse, most = 0;
        Trainer.Fit(flow, images, (batch, _) =>
        {
            var loss = -flow.LogProb(batch.X).mean();
            most = Math.Max(most, NativeMemory.InUse - before);
            return loss;
        }, options: options);
        Assert.InRange((double)most / told, 0.95, 1.1);
    }

    [Fact]
    public void Optimizer_and_average_take_what_they_remember()
    {
        var model = new StandardNormalOfOne();
        model.eval();
        var x = randn(4, 1);
        Assert.Equal(2 * 4, State(new()));
        Assert.Equal(4, State(new() { Optimizer = Optimizer.Sgd() }));
        Assert.Equal(3 * 4, State(new() { Optimizer = Optimizer.Adamax(), Average = 0.999 }));
        Assert.True(model.WasTraining);                                       // as a layer keeps more then, such as the mask of a dropout

        long State(FitOptions options) => TrainingMemory.Of(model, x, options).OptimizerState;
    }

    [Fact]
    public void Measuring_leaves_weights_mode_and_random_stream_as_they_were()
    {
        manual_seed(0);
        using var none = no_grad();
        var flow = RealNvp.ForImages(new(1, 8, 8) { Blocks = 1, Maps = 4 });
        flow.eval();
        var before = flow.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var images = randint(0, 256, [4, 1, 8, 8], dtype: float32);
        manual_seed(1);
        var expected = rand(3);
        manual_seed(1);
        TrainingMemory.Of(flow, images);

        Assert.True(rand(3).eq(expected).all().ToBoolean());
        Assert.False(flow.training);
        Assert.False(is_grad_enabled());
        foreach (var (name, value) in flow.state_dict()) Assert.True(value.eq(before[name]).all().ToBoolean(), name);
    }

    [Fact]
    public void A_model_on_another_device_is_counted_and_what_a_batch_adds_is_not_known()
    {
        var model = new StandardNormalOfOne();
        model.to(DeviceType.META);
        var memory = TrainingMemory.Of(model, zeros(2, 1));
        Assert.Equal((4L, (long?)null, (long?)null), (memory.Parameters, memory.PerExample, memory.ForBatch(64)));
        Assert.Equal("0.0 KiB of parameters, 0.0 KiB of gradients, 0.0 KiB of optimizer state; what a batch adds is not known here", memory.ToString());
    }

    [Fact]
    public void It_tells_its_parts_in_words() => Assert.Equal(
        "168.0 MiB of parameters, 1.5 KiB of gradients, 1.5 GiB of optimizer state; 0.0 KiB for any batch and 20.5 MiB for each of its examples",
        new TrainingMemory(168 << 20, 1536, 3L << 29, 0, 41 << 19).ToString());

    [Fact]
    public void Bad_input_is_refused()
    {
        var model = new StandardNormalOfOne();
        Assert.Contains("two examples", Assert.Throws<ArgumentException>(() => TrainingMemory.Of(model, zeros(1, 1))).Message, StringComparison.Ordinal);
        Assert.Equal("examples", Assert.Throws<ArgumentException>(() => TrainingMemory.Of(model, zeros(2, 3))).ParamName);
        Assert.Equal("model", Assert.Throws<ArgumentException>(() => TrainingMemory.Of(new StandardNormal(1), zeros(2, 1))).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingMemory.Of(model, zeros(2, 1)).ForBatch(0));
        Assert.Throws<ArgumentNullException>(() => TrainingMemory.Of(null!, zeros(2, 1)));
    }

    /// <summary>log p = -|h|², h = tanh(W tanh(W ... x)), each W as it is or times a number.</summary>
    private sealed class Layers : Distribution
    {
        private readonly ParameterList weights = new([.. Enumerable.Range(0, Depth).Select(_ => new Parameter(randn(Width, Width) / Math.Sqrt(Width)))]);
        private readonly Parameter? scale;

        public Layers(bool isScaled = false) : base(nameof(Layers), Width)
        {
            if (isScaled) scale = new Parameter(ones(1));
            RegisterComponents();
        }

        protected override Tensor LogProbCore(Tensor x, Tensor? context)
        {
            foreach (var weight in weights) x = x.mm(scale is null ? weight : weight * scale).tanh();
            return -x.square().sum(1);
        }

        protected override Tensor SampleCore(long count, Tensor? context) => throw new NotSupportedException();
    }

    private sealed class StandardNormalOfOne : Distribution
    {
        private readonly Parameter mean = new(zeros(1));

        public StandardNormalOfOne() : base(nameof(StandardNormalOfOne), 1) => RegisterComponents();

        public bool WasTraining { get; private set; }

        protected override Tensor LogProbCore(Tensor x, Tensor? context)
        {
            WasTraining = training;
            return -(x - mean).square().sum(1) / 2;
        }

        protected override Tensor SampleCore(long count, Tensor? context) => throw new NotSupportedException();
    }
}
