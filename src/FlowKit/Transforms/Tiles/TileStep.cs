using System.Numerics;

namespace FlowKit.Transforms;

/// <summary>One layer, in one direction, over tiles of 64 samples: what a chain can run without leaving the processor's cache, there and back.</summary>
/// <remarks>
/// <para>Memory is laid out in rows of 64 numbers, one a sample; a tile of D features is D rows, and tiles follow each other. Each method takes consecutive tiles,
/// and no tile's numbers depend on another's, so that any split of a batch over threads gives the same bits.</para>
/// <para>A step has two ways of saying the same: these loops, and <see cref="Apply"/> in ordinary operations, which is their reference and serves gradients of gradients.</para>
/// </remarks>
internal abstract unsafe class TileStep(int features)
{
    /// <summary>D, of what comes in and of what goes out.</summary>
    public int Features => features;

    /// <summary>Rows that <see cref="Forward"/> leaves for the way back, a tile.</summary>
    public abstract int Kept { get; }

    /// <summary>Rows that <see cref="Backward"/> leaves for the gradients of the parameters, a tile.</summary>
    public abstract int Left { get; }

    /// <summary>In how many parts the gradients of the parameters can be taken.</summary>
    public abstract int Parts { get; }

    /// <summary>Multiplications a tile, the way there; twice as many the way back.</summary>
    public virtual long Work => 0;

    /// <summary>Parameters as they are now, in the order of the loops' pointers; of one dtype.</summary>
    public abstract IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>y of x, and the log-determinants added to logDet.</summary>
    /// <param name="parameters">One pointer a parameter.</param>
    /// <param name="x">D rows a tile.</param>
    /// <param name="context">The context's rows a tile, if there is one.</param>
    /// <param name="contextRows">How many.</param>
    /// <param name="y">D rows a tile, not the memory of x.</param>
    /// <param name="logDet">One row a tile.</param>
    /// <param name="kept"><see cref="Kept"/> rows a tile.</param>
    /// <param name="tiles">How many tiles.</param>
    public abstract void Forward<T>(T** parameters, T* x, T* context, int contextRows, T* y, T* logDet, T* kept, int tiles) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The gradient of x in place of that of y, and that of the context added.</summary>
    /// <param name="parameters">One pointer a parameter.</param>
    /// <param name="x">What <see cref="Forward"/> was given.</param>
    /// <param name="kept">What it left; may be written over by what it can be made from again.</param>
    /// <param name="gradient">The gradient of y, D rows a tile; receives that of x.</param>
    /// <param name="ofLogDet">The gradient of the log-determinants, one row a tile.</param>
    /// <param name="ofContext">The gradient of the context is added to it.</param>
    /// <param name="contextRows">Rows of the context a tile.</param>
    /// <param name="left">Receives <see cref="Left"/> rows a tile.</param>
    /// <param name="tiles">How many tiles.</param>
    /// <param name="goesOn">Whether anybody wants these two; if not, only what the parameters' gradients need is left.</param>
    public abstract void Backward<T>(T** parameters, T* x, T* kept, T* gradient, T* ofLogDet, T* ofContext, int contextRows, T* left, int tiles, bool goesOn) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>A part of the gradients of the parameters, written, or added to what is there.</summary>
    public abstract void ParameterGradients<T>(int part, T* left, T** gradients, bool add, int tiles) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The same in ordinary operations: x (B, D), context (B, C), or none, to y (B, D) and the log-determinant (B).</summary>
    public abstract (Tensor Y, Tensor LogDet) Apply(Tensor x, Tensor? context, ReadOnlySpan<Tensor> parameters);
}
