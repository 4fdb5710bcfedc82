using System.Runtime.CompilerServices;

namespace FlowKit;

/// <summary>A module whose parameters and buffers outlive the dispose scope they were made in.</summary>
/// <remarks>Subclasses keep their state in private readonly fields and end their constructor with <c>RegisterComponents()</c>.</remarks>
/// <example><code>
/// var flow = new Flow(new Chain(new DiagonalScaling(3), Permutation.Reverse(3)), new StandardNormal(3));
/// Console.WriteLine(flow.ParameterCount);                        // => 3
/// Console.WriteLine(string.Join(", ", flow.state_dict().Keys));  // => transform.layers.0.logScale, transform.layers.1.order, transform.layers.1.inverse
/// Console.WriteLine(flow);
/// // => Flow  (3)  3 parameters
/// // => ├─ transform: Chain  (3)  3 parameters
/// // => │  ├─ 0: DiagonalScaling  (3)  3 parameters
/// // => │  └─ 1: Permutation  (3)
/// // => └─ base: StandardNormal  (3)
/// </code></example>
[TypeFormatterSource(typeof(ModuleFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public abstract class FlowModule(string name) : nn.Module(name)
{
    private readonly Dictionary<string, Tensor> constants = [];
    private bool? parameterized;
    private StrongBox<FlowModule>? keeper;      // boxed: a field that holds a module is a child to RegisterComponents, and a module that is its own child never ends
    private DeviceType? place;

    /// <summary>Sizes of one context c that this module is conditioned on, as (4) for four features or (3, 32, 32) for a picture; null if it takes none.</summary>
    public virtual Shape? ContextShape => null;

    /// <summary>How many numbers training can change.</summary>
    public long ParameterCount => parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.NumberOfElements);

    /// <summary>Whether its events, or the data that it maps, are points of the unit sphere: see <see cref="SpherePoints"/>.</summary>
    internal virtual bool IsOnSphere => false;

    /// <summary>What else tells this module from others of its kind, for its textual form.</summary>
    internal virtual string Detail => "";

    /// <summary>The module as a tree: shapes, contexts and parameters of its parts, in the order data passes them.</summary>
    public override string ToString() => ModuleNode.Of(this).ToString();

    /// <summary>The precision the module computes in.</summary>
    protected ScalarType Dtype { get; private set; } = get_default_dtype();

    /// <summary>Where the module lives: what it makes anew, as draws, goes there.</summary>
    protected Device Device { get; private set; } = CPU;

    /// <summary>Whether it has parameters, whose precision a tensor must share.</summary>
    private protected bool IsParameterized => parameterized ??= parameters().Any();

    /// <summary>The kind of device its tensors are on; null if it holds none. A composition asks an innermost part, which another composition may share and move.</summary>
    private protected DeviceType? Place
    {
        get
        {
            keeper ??= new(modules().OfType<FlowModule>().Prepend(this).FirstOrDefault(part => part.IsKeeper) ?? this);
            return keeper.Value!.place ??= keeper.Value.Held.FirstOrDefault()?.device_type;
        }
    }

    private bool IsKeeper => constants.Count > 0 || Held.Any() && !modules().OfType<FlowModule>().Any(part => part != this && part.Held.Any());

    private IEnumerable<Tensor> Held => parameters().Concat(buffers()).Concat(constants.Values);

    /// <inheritdoc/>
    protected override void RegisterComponents()
    {
        base.RegisterComponents();
        KeepState();
    }

    // Moving or converting a module makes new tensors of its state.
    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        base._toEpilog(dtype, device, non_blocking);
        (Dtype, Device, place) = (dtype ?? Dtype, device ?? Device, null);
        KeepState();
        foreach (var (key, value) in constants.ToArray())
            SetConstant(key, value.to(value.is_floating_point() ? dtype ?? value.dtype : value.dtype, device ?? value.device));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var constant in constants.Values) constant.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Holds a tensor that follows from how the module was made: it goes where the module goes, and is not saved.</summary>
    /// <remarks>TorchSharp's non-persistent buffers would be for this, but 0.107 leaves them behind when a module moves.</remarks>
    protected void SetConstant(string key, Tensor value)
    {
        if (constants.TryGetValue(key, out var old) && !ReferenceEquals(old, value)) old.Dispose();
        constants[key] = value.DetachFromDisposeScope();
    }

    /// <summary>The tensor held under that key.</summary>
    protected Tensor GetConstant(string key) => constants[key];

    private void KeepState()
    {
        foreach (var parameter in parameters()) parameter.DetachFromDisposeScope();
        foreach (var buffer in buffers()) buffer.DetachFromDisposeScope();
    }

    /// <summary>Sums everything but the batch: (B, ...) to (B).</summary>
    protected static Tensor SumEvent(Tensor x) => x.Dimensions switch
    {
        1 => x.alias(),
        2 => x.sum(1),
        _ => x.flatten(1).sum(1),
    };

    /// <summary>The context for a part that may be unconditional inside a conditional whole.</summary>
    protected internal static Tensor? ContextOf(FlowModule part, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(part);
        return part.ContextShape is null ? null : context;
    }

    /// <summary>The shape of context that the parts agree on; null if none is conditional.</summary>
    /// <param name="owner">The whole, for the message.</param>
    /// <param name="parts">Its parts.</param>
    /// <exception cref="ArgumentException">Two parts want contexts of different shapes.</exception>
    protected internal static Shape? CommonContext(string owner, params IEnumerable<FlowModule> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        Shape? common = null;
        foreach (var shape in parts.Select(part => part.ContextShape).OfType<Shape>())
            common = (common ?? shape).Meet(shape) ?? throw new ArgumentException($"The parts of {owner} want contexts of different shapes: {common} and {shape}.");
        return common;
    }

    /// <summary>The context as the mathematics is given it: a row for each event, so that one for all is repeated.</summary>
    private protected virtual Tensor? Spread(Tensor? context, long rows) => Guard.Spread(context, rows);
}
