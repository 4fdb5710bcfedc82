using FlowKit.Training;

namespace FlowKit.Distributions;

/// <summary>A distribution of events x, optionally conditioned on a context c: its log-density or log-probability, and its draws.</summary>
/// <remarks>
/// <para>Shapes: x is (B, <see cref="EventShape"/>...), the context (B, <see cref="FlowModule.ContextShape"/>...), (1, ...) for all rows, or absent, log-probs (B), in nats. For n draws of each of several contexts, repeat them.</para>
/// <para>Outside the support log-prob is -inf, never an exception. NaN in, NaN out. A tensor of the wrong shape is an <see cref="ArgumentException"/>.</para>
/// <para>Without gradients and in evaluation mode, as a training leaves a model, many rows are computed in blocks, and need the memory of one block beside the argument and the result. A flow over a standard normal
/// draws the same numbers as in one piece; a law that draws more than once for each row draws others from 16,384 rows on, or fewer of large events.</para>
/// <para>Without gradients, one thread or <see cref="Runtime.Threads"/> are taken, whichever is measured to be faster.</para>
/// <para>Draws have the dtype and device the module has: <c>distribution.to(float64)</c> draws float64.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// Distribution[] laws = [new StandardNormal(2), new StudentT().Learned(2), new Banana(), RealNvp.Create(features: 2)];
/// foreach (var law in laws)
/// {
///     var (x, logProb) = law.SampleWithLogProb(100);
///     Console.WriteLine($"{law.GetName()}: {logProb.allclose(law.LogProb(x), atol: 1e-5)}");
/// }
/// // => StandardNormal: True
/// // => Factorized: True
/// // => Banana: True
/// // => Flow: True
/// </code></example>
public abstract class Distribution : FlowModule
{
    private readonly ThreadChoices threads = new();

    /// <summary>A distribution of events of that shape.</summary>
    /// <param name="name">Of the module, for messages and for its textual form.</param>
    /// <param name="eventShape">Sizes of one x without the batch, all known.</param>
    /// <exception cref="ArgumentException">A size is unknown.</exception>
    protected Distribution(string name, params Shape eventShape) : base(name)
    {
        EventShape = Guard.Sizes(eventShape);
    }

    /// <summary>Sizes of one x without the batch: (2) for a point of the plane, (1, 8, 8) for a small image.</summary>
    public Shape EventShape { get; }

    /// <summary>Numbers in one event, D.</summary>
    public long Dimensions => EventShape.Volume;

    /// <summary>Whether <see cref="LogProb"/> is exact; if not, it is a lower bound (in expectation over a layer's noise).</summary>
    public virtual bool IsExact => true;

    /// <summary>Whether gradients flow from draws to every parameter that training changes, as <see cref="SampleWithLogProb"/> needs for reverse KL; true if there is none.</summary>
    public virtual bool IsReparameterized => !parameters().Any(parameter => parameter.requires_grad);

    /// <summary>log p(x | c), (B), nats.</summary>
    public Tensor LogProb(Tensor x, Tensor? context = null)
    {
        Guard.Batch(x, EventShape);
        Guard.Real(x);
        Guard.Place(x, Place, GetName());
        CheckContext(context, x.size(0));
        CheckPlace(context);

        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        var logProb = ByRows(RowWork.LogProb, x.size(0), x.device_type, (start, rows) =>
        {
            var some = x.size(0) == rows ? x : x.narrow(0, start, rows);
            return [LogProbCore(TakesWholeNumbers || some.is_floating_point() ? some : some.to(Dtype), ContextOfRows(context, start, rows))];
        })[0];
        FiniteTrace.See(this, logProb);
        return scope.MoveToOuter(logProb);
    }

    /// <summary>log p of data that comes in batches, as it does not fit into memory: the (B) log-densities of each in turn, without gradients.</summary>
    /// <remarks>What is handed out lives until the next one is asked for: sum it or write it, and <c>clone()</c> what is to stay. A batch belongs to whoever makes it; with <c>using</c> before its <c>yield return</c> it goes in time.</remarks>
    /// <param name="batches">Events with their contexts, if any; a tensor is a batch without contexts. A batch is asked for when its result is.</param>
    /// <exception cref="ArgumentException">A batch or its context has the wrong shape.</exception>
    /// <example><code>
    /// // Like this, 10^7 points need the memory of one batch.
    /// manual_seed(0);
    /// IEnumerable&lt;Dataset> Points(int batches)
    /// {
    ///     for (int i = 0; i &lt; batches; i++)
    ///     {
    ///         using var x = randn(10_000, 2);               // read from a file, say
    ///         yield return x;
    ///     }
    /// }
    ///
    /// double sum = 0;
    /// foreach (var logProb in new StandardNormal(2).LogProbs(Points(20))) sum += logProb.sum().ToDouble();
    /// Console.WriteLine($"{sum / 200_000:F1}");            // => -2.8
    /// </code></example>
    public IEnumerable<Tensor> LogProbs(IEnumerable<Dataset> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return Each();

        IEnumerable<Tensor> Each()
        {
            foreach (var batch in batches)
            {
                using var logProb = Of(batch);
                yield return logProb;
            }
        }

        Tensor Of(Dataset batch)
        {
            ArgumentNullException.ThrowIfNull(batch);
            using var none = no_grad();
            return LogProb(batch.X, batch.Context);
        }
    }

    /// <summary>Independent draws, one a row, (count, EventShape...). No gradient flows through them: see <see cref="SampleWithLogProb"/>.</summary>
    /// <param name="count">How many, >= 0.</param>
    /// <param name="context">For a conditional distribution: a row for each draw, (count, ...), or one for all, (1, ...).</param>
    public Tensor Sample(long count, Tensor? context = null)
    {
        CheckDraw(count, context);
        using var call = NativeMemory.Enter();
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var x = ByRows(RowWork.Sample, count, Device.type, (start, rows) => [SampleCore(rows, ContextOfRows(context, start, rows))])[0];
        FiniteTrace.See(this, x);
        return scope.MoveToOuter(x);
    }

    /// <summary>Draws and their log-probs. Where the distribution is reparameterized, gradients flow through both: reverse KL trains on this.</summary>
    /// <param name="count">How many, >= 0.</param>
    /// <param name="context">For a conditional distribution: a row for each draw, (count, ...), or one for all, (1, ...).</param>
    public (Tensor X, Tensor LogProb) SampleWithLogProb(long count, Tensor? context = null)
    {
        CheckDraw(count, context);
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        var both = ByRows(RowWork.SampleWithLogProb, count, Device.type, (start, rows) =>
        {
            var (x, logProb) = SampleWithLogProbCore(rows, ContextOfRows(context, start, rows));
            return [x, logProb];
        });
        FiniteTrace.See(this, both[0], both[1]);
        return scope.MoveToOuter(both[0], both[1]);
    }

    /// <summary>The mathematics of <see cref="LogProb"/>.</summary>
    protected abstract Tensor LogProbCore(Tensor x, Tensor? context);

    /// <summary>The mathematics of <see cref="Sample"/>.</summary>
    protected abstract Tensor SampleCore(long count, Tensor? context);

    /// <summary>The mathematics of <see cref="SampleWithLogProb"/>; here a draw, then its log-prob.</summary>
    protected virtual (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context)
    {
        var x = SampleCore(count, context);
        return (x, LogProbCore(x, context));
    }

    /// <summary>Refuses a context that is neither one for each event nor one for all.</summary>
    private protected virtual void CheckContext(Tensor? context, long rows) => Guard.Context(context, ContextShape, rows, GetName());

    /// <summary>Whether <see cref="LogProbCore"/> is given whole numbers as they come; if not, they are converted to real ones first.</summary>
    protected virtual bool TakesWholeNumbers => false;

    /// <summary>Whether x = <see cref="Center"/> + scale times noise, so that <see cref="Tempered"/> can scale the noise.</summary>
    public virtual bool IsLocationScale => false;

    /// <summary>What draws spread around, (rows, EventShape...) or what broadcasts to it.</summary>
    /// <exception cref="NotSupportedException">It has no location and scale.</exception>
    protected internal virtual Tensor Center(long rows, Tensor? context) => throw new NotSupportedException($"{GetName()} has no location and scale.");

    /// <summary>Nothing at infinity: log-probs that are -inf for a row with an infinite number, also where the formula would take one infinity from another. A row with NaN stays NaN.</summary>
    /// <param name="x">(B, ...).</param>
    /// <param name="logProb">The formula, (B, ...) to (B); it is given finite numbers.</param>
    protected static Tensor NothingAtInfinity(Tensor x, Func<Tensor, Tensor> logProb)
    {
        if (x.device_type == DeviceType.CPU && double.IsFinite(x.sum().ToDouble())) return logProb(x);       // all are finite; a GPU would have to wait for the answer

        var infinite = x.isinf();
        var logP = logProb(x.masked_fill(infinite, 0));
        return logP + zeros_like(logP).masked_fill(infinite.flatten(1).any(1), double.NegativeInfinity);
    }

    /// <summary>Sizes of a batch of so many events, (count, EventShape...).</summary>
    protected long[] BatchOf(long count) => [count, .. EventShape];

    // Without gradients nothing on the way need outlive its block of rows, and the number of threads is measured. In training mode a layer may look at the whole batch.
    private Tensor[] ByRows(RowWork work, long rows, DeviceType place, Func<long, long, Tensor[]> core)
    {
        bool isOnCpu = place == DeviceType.CPU;
        if (is_grad_enabled()) return core(0, rows);
        long most = RowBlocks.Most(Dimensions, isOnCpu);
        if (rows <= most || training || modules().Any(part => part.training)) return Compute(0, rows);

        Tensor[]? whole = null;
        foreach (var (start, count) in RowBlocks.Of(rows, most))
        {
            using var block = NewDisposeScope();
            var parts = Compute(start, count);
            whole ??= [.. parts.Select(part => block.MoveToOuter(empty([rows, .. part.shape[1..]], dtype: part.dtype, device: part.device)))];
            for (int i = 0; i < parts.Length; i++) whole[i].narrow(0, start, count).copy_(parts[i]);
        }
        return whole!;

        Tensor[] Compute(long start, long count) => isOnCpu ? threads.Run(work, start, count, core) : core(start, count);
    }

    private Tensor? ContextOfRows(Tensor? context, long start, long rows) =>
        Spread(context is null || context.size(0) == 1 || context.size(0) == rows ? context : context.narrow(0, start, rows), rows);

    private void CheckDraw(long count, Tensor? context)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        CheckContext(context, count);
        CheckPlace(context);
    }

    private void CheckPlace(Tensor? context)
    {
        Guard.Dense(context);
        Guard.Place(context, Place, GetName());
    }
}
