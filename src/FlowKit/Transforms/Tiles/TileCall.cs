using System.Numerics;

namespace FlowKit.Transforms;

/// <summary>One call of a stretch of a flow: the steps with the parameters they have now, and the loops over a batch's tiles, there and back.</summary>
internal sealed unsafe class TileCall
{
    private const int Lanes = Tile.Lanes;
    private const int Near = 8;                                               // tiles that stay in the cache together, a layer at a time
    private const long MostBack = 64 << 20;                                   // bytes of a way back
    private const long WorthThreads = 1 << 20;                                // multiplications: some ten microseconds

    private readonly TileStep[] steps;
    private readonly int[] firsts;                                            // where a step's parameters begin, and last their number
    private readonly bool[] learns;                                           // one a parameter

    /// <summary>A call of these steps.</summary>
    public TileCall(IReadOnlyList<TileStep> steps)
    {
        this.steps = [.. steps];
        firsts = new int[steps.Count + 1];
        var all = new List<Tensor>();
        for (int k = 0; k < steps.Count; k++)
        {
            all.AddRange(steps[k].Parameters);
            firsts[k + 1] = all.Count;
        }
        Parameters = [.. all];
        learns = [.. all.Select(parameter => parameter.requires_grad)];
    }

    /// <summary>Of all steps, in order.</summary>
    public Tensor[] Parameters { get; }

    /// <summary>Whether any parameter wants a gradient.</summary>
    public bool Learns => learns.Contains(true);

    private int Width => steps[0].Features;

    /// <summary>Memory for the way back: the context, what each step is given and what it leaves, and the result.</summary>
    public Tensor Tape(Tensor x, Tensor? context) => Rows(x, Tile.Count(x.size(0)), WidthOf(context) + Width + steps.Sum(step => step.Features + step.Kept));

    /// <summary>y and the log-determinants.</summary>
    /// <param name="x">(B, D), B >= 1.</param>
    /// <param name="context">(B, C), or none.</param>
    /// <param name="tape">Receives what <see cref="Backward(Tensor, Tensor, Tensor?, ReadOnlySpan{Tensor}, Tensor?[])"/> needs; null where there is no way back.</param>
    public List<Tensor> Forward(Tensor x, Tensor? context, Tensor? tape)
    {
        (x, context) = (x.contiguous(), context?.contiguous());
        List<Tensor> results = [empty_like(x), x.new_empty(x.size(0))];
        if (x.dtype == ScalarType.Float32) Forward<float>(x, context, tape, results[0], results[1]);
        else Forward<double>(x, context, tape, results[0], results[1]);
        GC.KeepAlive(x);                                                      // the loops hold the memory alone
        GC.KeepAlive(context);
        return results;
    }

    /// <summary>The gradients of x, of the context if there is one, and of the parameters; null where nobody wants one.</summary>
    /// <param name="tape">What <see cref="Forward(Tensor, Tensor?, Tensor?)"/> filled.</param>
    /// <param name="x">(B, D).</param>
    /// <param name="context">(B, C), or none.</param>
    /// <param name="saved">The parameters as autograd has kept them.</param>
    /// <param name="given">The gradients of y and of the log-determinants; null for 0.</param>
    public List<Tensor> Backward(Tensor tape, Tensor x, Tensor? context, ReadOnlySpan<Tensor> saved, Tensor?[] given) =>
        x.dtype == ScalarType.Float32 ? Backward<float>(tape, x, context, saved, given) : Backward<double>(tape, x, context, saved, given);

    /// <summary>The same in ordinary operations.</summary>
    public (Tensor Y, Tensor LogDet) Apply(Tensor x, Tensor? context, ReadOnlySpan<Tensor> parameters)
    {
        Tensor? total = null;
        for (int k = 0; k < steps.Length; k++)
        {
            (x, var logDet) = steps[k].Apply(x, context, parameters[firsts[k]..firsts[k + 1]]);
            total = total is null ? logDet : total + logDet;
        }
        return (x, total!);
    }

    private void Forward<T>(Tensor x, Tensor? context, Tensor? tape, Tensor y, Tensor logDet) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long batch = x.size(0);
        int tiles = Tile.Count(batch), width = Width, contextRows = WidthOf(context), most = steps.Max(step => step.Kept);
        T* from = TensorMemory.Of<T>(x), given = TensorMemory.Of<T>(context), to = TensorMemory.Of<T>(y), total = TensorMemory.Of<T>(logDet);
        T** parameters = stackalloc T*[Parameters.Length];
        Point(Parameters, parameters);

        // Without a tape two places for the layers' values are enough, and one for what they leave.
        var recorded = new TilePlaces<T>(TensorMemory.Of<T>(tape), tiles, contextRows, steps);
        int rows = tape is null ? contextRows + 2 * width + most : 0;
        InBlocks(tiles, ThreadsFor(tiles * steps.Sum(step => step.Work)), (first, count) =>
        {
            using var scratch = new TileMemory<T>(count * (1 + rows));
            T* sums = scratch.First;
            var places = tape is null ? new TilePlaces<T>(sums + count * Lanes, count, contextRows, width) : recorded.From(first);
            new Span<T>(sums, count * Lanes).Clear();
            Load(given, first, count, batch, contextRows, places.Context, repeats: true);
            Load(from, first, count, batch, width, places.Value(0), repeats: true);
            for (int k = 0; k < steps.Length; k++)
                steps[k].Forward(parameters + firsts[k], places.Value(k), places.Context, contextRows, places.Value(k + 1), sums, places.Kept(k), count);
            Store(places.Value(steps.Length), first, count, batch, width, to);
            Store(sums, first, count, batch, 1, total);
        });
    }

    private List<Tensor> Backward<T>(Tensor tape, Tensor x, Tensor? context, ReadOnlySpan<Tensor> saved, Tensor?[] given) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long batch = x.size(0);
        int tiles = Tile.Count(batch), width = Width, contextRows = WidthOf(context);
        var (ofY, ofLogDet) = (given[0]?.contiguous(), given[1]?.contiguous());
        var ofX = x.requires_grad ? x.new_empty([batch, width]) : null;
        var ofContext = context?.requires_grad == true ? x.new_empty([batch, contextRows]) : null;
        bool goesOn = ofX is not null || ofContext is not null;

        T* givenY = TensorMemory.Of<T>(ofY), givenLogDet = TensorMemory.Of<T>(ofLogDet), toX = TensorMemory.Of<T>(ofX), toContext = TensorMemory.Of<T>(ofContext);
        T** parameters = stackalloc T*[Parameters.Length], gradients = stackalloc T*[Parameters.Length];
        Point(saved, parameters);
        var (results, adds) = Room(gradients);
        var recorded = new TilePlaces<T>(TensorMemory.Of<T>(tape), tiles, contextRows, steps);

        // Some tiles after the others, so that a large batch does not need all of this at once. One under the other: what a step leaves for its parameters,
        // which are summed before the next step writes there; the gradient that goes from step to step; those of the context and of the log-determinants.
        int leaves = steps.Max(step => step.Left), rows = leaves + width + contextRows + 1;
        int most = (int)Math.Min(tiles, Math.Max(Near, MostBack / ((long)rows * Lanes * sizeof(T))));
        using var back = Rows(x, most, rows);
        T* left = TensorMemory.Of<T>(back), gradient = left + (nint)most * leaves * Lanes, ofContexts = gradient + (nint)most * width * Lanes, slopes = ofContexts + (nint)most * contextRows * Lanes;
        for (int start = 0; start < tiles; start += most)
        {
            int from = start, some = Math.Min(most, tiles - start);
            new Span<T>(ofContexts, some * contextRows * Lanes).Clear();
            Load(givenY, from, some, batch, width, gradient);
            Load(givenLogDet, from, some, batch, 1, slopes);
            for (int k = steps.Length - 1; k >= 0; k--)
            {
                var (step, at) = (steps[k], k);
                int threads = ThreadsFor(some * step.Work);
                InBlocks(some, threads, (first, count) =>
                {
                    var places = recorded.From(from + first);
                    step.Backward(
                        parameters + firsts[at], places.Value(at), places.Kept(at), gradient + (nint)first * width * Lanes, slopes + (nint)first * Lanes,
                        ofContexts + (nint)first * contextRows * Lanes, contextRows, left + (nint)first * step.Left * Lanes, count, at > 0 || goesOn);
                });
                if (Learning(at)) Team.Run(step.Parts, part => step.ParameterGradients(part, left, gradients + firsts[at], from > 0 || adds[at], some), threads);
            }
            if (toX != null) Store(gradient, from, some, batch, width, toX);
            if (toContext != null) Store(ofContexts, from, some, batch, contextRows, toContext);
        }
        GC.KeepAlive(ofY);
        GC.KeepAlive(ofLogDet);
        return [ofX!, .. context is null ? Array.Empty<Tensor>() : [ofContext!], .. results];
    }

    // Room for the parameters' gradients, and which steps add to what is there. A step has all of its gradients or none; those that nobody wants are dropped.
    private (Tensor[] Results, bool[] Adds) Room<T>(T** gradients) where T : unmanaged
    {
        var (results, adds) = (new Tensor[Parameters.Length], new bool[steps.Length]);
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        for (int k = 0; k < steps.Length; k++)
        {
            if (!Learning(k)) continue;
            var parameters = Parameters.AsSpan(firsts[k]..firsts[k + 1]);
            bool isFirst = true;                                              // what two steps share is written by both at once: the second one has room of its own
            foreach (var parameter in parameters) isFirst &= seen.Add(parameter);
            bool isWhole = !learns.AsSpan(firsts[k]..firsts[k + 1]).Contains(false);
            (var received, adds[k]) = isFirst && isWhole ? GradientSink.Take(parameters) : (null, false);
            for (int i = 0; i < parameters.Length; i++)
            {
                var gradient = received?[i] ?? empty_like(parameters[i]);
                gradients[firsts[k] + i] = TensorMemory.Of<T>(gradient);
                if (received is null && learns[firsts[k] + i]) results[firsts[k] + i] = gradient;
            }
        }
        return (results, adds);
    }

    private bool Learning(int step) => learns.AsSpan(firsts[step]..firsts[step + 1]).Contains(true);

    private static int ThreadsFor(long work) => work < WorthThreads ? 1 : Runtime.Threads;

    // Every tile's numbers are its own, so that the size of a block is free: as many blocks as there are threads, and no more than the cache holds.
    private static void InBlocks(int tiles, int threads, Action<int, int> block)
    {
        int size = Math.Min(Near, (tiles + threads - 1) / threads);
        Team.Run((tiles + size - 1) / size, part => block(part * size, Math.Min(size, tiles - part * size)), threads);
    }

    // Rows of a batch from tile `first` on; zeros where there is nothing to read. The lanes that are left in the last tile are zeros too, or repeat the last
    // row: a place in the data, where no layer gives infinities that the rows themselves do not give.
    private static void Load<T>(T* batch, int first, int tiles, long rows, int features, T* to, bool repeats = false) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int t = 0; t < tiles; t++, to += features * Lanes)
        {
            long row = (long)(first + t) * Lanes;
            int count = (int)Math.Min(Lanes, rows - row);
            if (batch == null) new Span<T>(to, features * Lanes).Clear();
            else TileMath.Load(batch + row * features, features, count, features, to);
            for (int f = 0; repeats && batch != null && count < Lanes && f < features; f++) new Span<T>(to + f * Lanes + count, Lanes - count).Fill(to[f * Lanes + count - 1]);
        }
    }

    private static void Store<T>(T* from, int first, int tiles, long rows, int features, T* batch) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int t = 0; t < tiles; t++, from += features * Lanes)
        {
            long row = (long)(first + t) * Lanes;
            TileMath.Store(from, features, batch + row * features, features, (int)Math.Min(Lanes, rows - row));
        }
    }

    private static Tensor Rows(Tensor like, int tiles, int rows) => like.new_empty([Lanes * (long)tiles * rows]);

    private static int WidthOf(Tensor? context) => context is null ? 0 : (int)context.size(1);

    private static void Point<T>(ReadOnlySpan<Tensor> tensors, T** to) where T : unmanaged
    {
        for (int i = 0; i < tensors.Length; i++) to[i] = TensorMemory.Of<T>(tensors[i]);
    }

}
