using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive;

/// <summary>An architecture as a picture: named boxes in columns and rows, and arrows between them.</summary>
/// <remarks>Columns are as wide and rows as high as their texts need. A picture of the usual six columns and four rows fits a screen.</remarks>
/// <example><code>
/// new Diagram("One affine coupling layer")
///     .Box("x_A", column: 0, row: 0, kind: BoxKind.Data).Box("x_B", column: 0, row: 2, kind: BoxKind.Data)
///     .Box("s, t", column: 1, row: 1, "network\ns, t", BoxKind.Network)
///     .Box("map", column: 2, row: 2, "× exp(s) + t", BoxKind.Transform)
///     .Box("z_A", column: 3, row: 0, kind: BoxKind.Latent).Box("z_B", column: 3, row: 2, kind: BoxKind.Latent)
///     .Arrow("x_A", "z_A", "copied").Arrow("x_A", "s, t").Arrow("s, t", "map").Arrow("x_B", "map").Arrow("map", "z_B")
///     .ToFigure()
/// </code></example>
public sealed class Diagram
{
    private const float TextSize = 13, BesideText = 24, AboveText = 20, Edge = 4;
    private const double ColumnGap = 34, RowGap = 34, Lane = 22, Head = 9, LabelHeight = 16;
    private const int LastTrack = 100;
    private const string Ink = "#3d4852";

    private readonly string title;
    private readonly Dictionary<string, Node> boxes = [];
    private readonly List<Link> links = [];

    /// <summary>A diagram without boxes.</summary>
    /// <param name="title">Above the picture; may be empty.</param>
    public Diagram(string title = "") => this.title = title;

    private sealed record Node(double Column, double Row, string[] Lines, string Fill)
    {
        public double Width => Math.Max(34, BesideText + Lines.Max(line => EmbeddedFont.Measure(line, TextSize)));

        public double Height => AboveText + Lines.Length * EmbeddedFont.LineHeight * TextSize;
    }

    private sealed record Link(string From, string To, string Label, int Side, int LaneIndex);

    /// <summary>Adds a box.</summary>
    /// <param name="name">By which arrows refer to it, different from all others.</param>
    /// <param name="column">Counted from 0 at the left; 0.5 is halfway between the first two.</param>
    /// <param name="row">Counted from 0 at the top; 0.5 is halfway between the first two.</param>
    /// <param name="text">Of one line or, with "\n", of two or more; null: the name.</param>
    /// <param name="kind">What it stands for, as a color.</param>
    /// <param name="color">As #rrggbb, in place of the kind's; null: the kind's.</param>
    /// <returns>This diagram.</returns>
    /// <exception cref="ArgumentException">The name is taken or blank, or the place is not from 0 to 100.</exception>
    public Diagram Box(string name, double column, double row, string? text = null, BoxKind kind = BoxKind.Plain, string? color = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        CheckPlace(column, nameof(column));
        CheckPlace(row, nameof(row));
        if (!boxes.TryAdd(name, new(column, row, (text ?? name).Split('\n'), color ?? ColorOf(kind))))
            throw new ArgumentException($"Boxes have different names; there are two named \"{name}\".", nameof(name));
        return this;

        void CheckPlace(double at, string what)
        {
            if (!(at is >= 0 and <= LastTrack))
                throw new ArgumentException(FormattableString.Invariant($"A box stands in a {what} from 0 to {LastTrack}; \"{name}\" stood in {what} {at}."), what);
        }
    }

    /// <summary>Adds a straight arrow.</summary>
    /// <param name="from">The name of the box where it begins.</param>
    /// <param name="to">The name of the box where it ends.</param>
    /// <param name="label">Beside its middle; empty: none.</param>
    /// <returns>This diagram.</returns>
    /// <exception cref="ArgumentException">There is no such box, or the two are one.</exception>
    public Diagram Arrow(string from, string to, string label = "") => Connect(from, to, label, side: 0, lane: 0);

    /// <summary>Adds an arrow that bends around what lies between: above it, or beside it if both boxes stand in one column.</summary>
    /// <param name="from">The name of the box where it begins.</param>
    /// <param name="to">The name of the box where it ends.</param>
    /// <param name="label">Beside its middle; empty: none.</param>
    /// <param name="below">Whether it passes below, or at the left if both boxes stand in one column.</param>
    /// <returns>This diagram.</returns>
    /// <exception cref="ArgumentException">There is no such box, or the two are one.</exception>
    public Diagram Skip(string from, string to, string label = "", bool below = false)
    {
        int side = below ? -1 : 1;
        return Connect(from, to, label, side, links.Count(link => link.Side == side) + 1);
    }

    /// <summary>The diagram as layers: its boxes, arrows and labels. The axes are in pixels.</summary>
    /// <exception cref="InvalidOperationException">There is no box.</exception>
    public Figure ToFigure()
    {
        if (boxes.Count == 0) throw new InvalidOperationException("A diagram has at least one box; there was none.");
        var columns = new Tracks([.. boxes.Values.Select(box => (box.Column, box.Width))], GapsBetween());
        var rows = new Tracks([.. boxes.Values.Select(box => (box.Row, box.Height))], _ => RowGap);
        var place = boxes.ToDictionary(box => box.Key, box => new Place(columns.At(box.Value.Column), -rows.At(box.Value.Row), box.Value.Width, box.Value.Height));

        var routes = links.Select(link => Route(place[link.From], place[link.To], link, [.. place.Values])).ToList();
        var segments = routes.SelectMany(route => route.Path.Zip(route.Path.Skip(1)).SkipLast(1)).ToList();
        var heads = routes.Select(route => (First: route.Path[^2], Second: route.Path[^1])).ToList();
        var labels = links.Zip(routes).Where(pair => pair.First.Label.Length > 0).Select(pair => (pair.First.Label, pair.Second.Label)).ToList();
        Place[] all = [.. place.Values];
        Layer[] layers =
        [
            ToArrows(segments) with { Head = 0 },
            ToArrows(heads) with { Head = Head },
            new Boxes([.. all.Select(box => box.X)], [.. all.Select(box => box.Y)], [.. all.Select(box => box.Width)], [.. all.Select(box => box.Height)])
            {
                Texts = [.. boxes.Values.Select(box => string.Join('\n', box.Lines))],
                Fills = [.. boxes.Values.Select(box => box.Fill)],
                TextSize = TextSize,
            },
            new Labels([.. labels.Select(label => label.Item2.X)], [.. labels.Select(label => label.Item2.Y)], [.. labels.Select(label => label.Item1)]) { Color = Ink },
        ];
        var x = Covered([.. all.SelectMany(box => new[] { box.Left, box.Right }), .. routes.SelectMany(route => route.Path.Select(point => point.X)),
            .. labels.SelectMany(label => new[] { label.Item2.X - LabelWidth(label.Item1) / 2, label.Item2.X + LabelWidth(label.Item1) / 2 })]);
        var y = Covered([.. all.SelectMany(box => new[] { box.Bottom, box.Top }), .. routes.SelectMany(route => route.Path.Select(point => point.Y)),
            .. labels.SelectMany(label => new[] { label.Item2.Y - LabelHeight / 2, label.Item2.Y + LabelHeight / 2 })]);
        return new("", [Panel.Drawing(title, layers, x, y)]);
    }

    private Diagram Connect(string from, string to, string label, int side, int lane)
    {
        foreach (var (name, parameter) in new[] { (from, nameof(from)), (to, nameof(to)) })
            if (!boxes.ContainsKey(name))
                throw new ArgumentException($"An arrow connects boxes that were added before; there is none named \"{name}\", only {string.Join(", ", boxes.Keys.Select(key => $"\"{key}\""))}.", parameter);
        if (from == to) throw new ArgumentException($"An arrow connects two boxes; both were \"{from}\".", nameof(to));
        links.Add(new(from, to, label, side, lane));
        return this;
    }

    private static string ColorOf(BoxKind kind) => kind switch
    {
        BoxKind.Plain => "#eef0f2",
        BoxKind.Data => "#d6e6f4",
        BoxKind.Transform => "#fde3c4",
        BoxKind.Network => "#d3ecdf",
        BoxKind.Latent => "#eadcf2",
        BoxKind.Rearrangement => "#fbf3c6",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of box."),
    };

    // A label on an arrow along a row needs its width between the columns.
    private Func<int, double> GapsBetween() => gap => links.Where(link => link.Side == 0 && boxes[link.From].Row == boxes[link.To].Row)
        .Where(link => Math.Abs(boxes[link.From].Column - boxes[link.To].Column) <= 1 && (int)Math.Floor(Math.Min(boxes[link.From].Column, boxes[link.To].Column)) == gap)
        .Select(link => LabelWidth(link.Label) + 22).Append(ColumnGap).Max();

    private static double LabelWidth(string label) => EmbeddedFont.Measure(label, EmbeddedFont.TickSize);

    private static Interval Covered(IReadOnlyList<double> values) => new(values.Min() - Edge, values.Max() + Edge);

    private static Arrows ToArrows(IReadOnlyList<((double X, double Y) First, (double X, double Y) Second)> pairs) =>
        new([.. pairs.Select(pair => pair.First.X)], [.. pairs.Select(pair => pair.First.Y)],
            [.. pairs.Select(pair => pair.Second.X - pair.First.X)], [.. pairs.Select(pair => pair.Second.Y - pair.First.Y)])
        { Color = Ink };

    private static ((double X, double Y)[] Path, (double X, double Y) Label) Route(Place from, Place to, Link link, IReadOnlyList<Place> all)
    {
        double half = LabelWidth(link.Label) / 2;
        if (link.Side == 0)
        {
            (double X, double Y) first = from.Toward(to), last = to.Toward(from);
            double dx = last.X - first.X, dy = last.Y - first.Y, length = Math.Max(Math.Sqrt(dx * dx + dy * dy), 1);
            (double X, double Y) middle = ((first.X + last.X) / 2, (first.Y + last.Y) / 2);
            double right = Math.Abs(dy) / length * (half + 5), up = Math.Abs(dx) / length * (LabelHeight / 2 + 2);
            return ([first, last], (middle.X + (dy * dx > 0 ? -right : right), middle.Y + up));
        }

        if (Math.Abs(from.X - to.X) < 1)
        {
            var between = all.Where(box => box.Y <= Math.Max(from.Y, to.Y) && box.Y >= Math.Min(from.Y, to.Y) && Math.Abs(box.X - from.X) < (box.Width + from.Width) / 2);
            double x = link.Side > 0 ? between.Max(box => box.Right) + link.LaneIndex * Lane : between.Min(box => box.Left) - link.LaneIndex * Lane;
            double leaves = from.X + link.Side * from.Width / 2, arrives = to.X + link.Side * (to.Width / 2 + 2);
            return ([(leaves, from.Y), (x, from.Y), (x, to.Y), (arrives, to.Y)], (x + link.Side * (half + 5), (from.Y + to.Y) / 2));
        }

        var over = all.Where(box => box.X <= Math.Max(from.X, to.X) && box.X >= Math.Min(from.X, to.X) && box.Y >= Math.Min(from.Y, to.Y) - 1 && box.Y <= Math.Max(from.Y, to.Y) + 1);
        double y = link.Side > 0 ? over.Max(box => box.Top) + link.LaneIndex * Lane : over.Min(box => box.Bottom) - link.LaneIndex * Lane;
        double start = from.Y + link.Side * from.Height / 2, end = to.Y + link.Side * (to.Height / 2 + 2);
        return ([(from.X, start), (from.X, y), (to.X, y), (to.X, end)], ((from.X + to.X) / 2, y + (link.Side > 0 ? LabelHeight / 2 + 1 : -LabelHeight / 2 - 5)));
    }

    /// <summary>A box in pixels, y upward.</summary>
    private sealed record Place(double X, double Y, double Width, double Height)
    {
        public double Left => X - Width / 2;

        public double Right => X + Width / 2;

        public double Top => Y + Height / 2;

        public double Bottom => Y - Height / 2;

        /// <summary>Where the line to another box's middle leaves this one, two pixels outside.</summary>
        public (double X, double Y) Toward(Place other)
        {
            double dx = other.X - X, dy = other.Y - Y;
            double share = Math.Min((Width / 2 + 2) / Math.Max(Math.Abs(dx), 1e-9), (Height / 2 + 2) / Math.Max(Math.Abs(dy), 1e-9));
            return (X + share * dx, Y + share * dy);
        }
    }

    /// <summary>Columns or rows: each as large as its largest box, with gaps between.</summary>
    private sealed class Tracks
    {
        private readonly double[] middles;

        public Tracks(IReadOnlyList<(double At, double Size)> boxes, Func<int, double> gap)
        {
            int count = (int)Math.Ceiling(boxes.Max(box => box.At)) + 1;
            double[] sizes = [.. Enumerable.Range(0, count).Select(track => boxes.Where(box => Math.Abs(box.At - track) < 0.25).Select(box => box.Size).DefaultIfEmpty(0).Max())];
            middles = new double[count];
            for (int track = 1; track < count; track++) middles[track] = middles[track - 1] + (sizes[track - 1] + sizes[track]) / 2 + gap(track - 1);
        }

        public double At(double track)
        {
            int low = (int)track, high = Math.Min(low + 1, middles.Length - 1);
            return middles[low] + (track - low) * (middles[high] - middles[low]);
        }
    }
}
