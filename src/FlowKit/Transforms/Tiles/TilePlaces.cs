namespace FlowKit.Transforms;

/// <summary>Where the values of some tiles stand on their way through a flow's steps: the context, what each step is given, and what it leaves.</summary>
internal readonly unsafe struct TilePlaces<T> where T : unmanaged
{
    private const int Lanes = Tile.Lanes;

    private readonly T* memory;
    private readonly nint[]? starts;                                          // of each step's values, and last of the result
    private readonly TileStep[]? steps;
    private readonly int tiles, first, contextRows, width;

    /// <summary>A place of its own for everything: the tape of a way back.</summary>
    public TilePlaces(T* memory, int tiles, int contextRows, TileStep[] steps)
    {
        this.memory = memory;
        (this.tiles, this.contextRows, this.steps, width) = (tiles, contextRows, steps, steps[0].Features);
        starts = new nint[steps.Length + 1];
        starts[0] = (nint)tiles * contextRows * Lanes;
        for (int k = 0; k < steps.Length; k++) starts[k + 1] = starts[k] + (nint)tiles * (width + steps[k].Kept) * Lanes;
    }

    /// <summary>Two places for the values, by turns, and one for what is left.</summary>
    public TilePlaces(T* memory, int tiles, int contextRows, int width)
    {
        this.memory = memory;
        (this.tiles, this.contextRows, this.width) = (tiles, contextRows, width);
    }

    private TilePlaces(TilePlaces<T> all, int first)
    {
        this = all;
        this.first = first;
    }

    /// <summary>C rows a tile.</summary>
    public T* Context => memory + (nint)first * contextRows * Lanes;

    /// <summary>These places from a tile on.</summary>
    public TilePlaces<T> From(int tile) => new(this, tile);

    /// <summary>What step k is given, D rows a tile; after the last, the result.</summary>
    public T* Value(int k) => starts is null
        ? memory + (nint)tiles * (contextRows + k % 2 * width) * Lanes
        : memory + starts[k] + (nint)first * width * Lanes;

    /// <summary>What step k leaves.</summary>
    public T* Kept(int k) => starts is null
        ? memory + (nint)tiles * (contextRows + 2 * width) * Lanes
        : memory + starts[k] + ((nint)tiles * width + (nint)first * steps![k].Kept) * Lanes;
}
