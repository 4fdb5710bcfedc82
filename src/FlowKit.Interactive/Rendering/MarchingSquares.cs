namespace FlowKit.Interactive.Rendering;

/// <summary>Where a function on a grid crosses a level: each grid edge with a crossing is a node, each cell links two of them, and chains of links are the lines.</summary>
/// <remarks>Lorensen, Cline 1987, in two dimensions; a saddle's lines part as its mean says. Crossings lie where linear interpolation puts them.</remarks>
internal sealed class MarchingSquares
{
    private readonly IReadOnlyList<double> x, y;
    private readonly double[,] values;
    private readonly double level;
    private readonly Dictionary<Edge, List<Edge>> links = [];

    private MarchingSquares(IReadOnlyList<double> x, IReadOnlyList<double> y, double[,] values, double level) =>
        (this.x, this.y, this.values, this.level) = (x, y, values, level);

    /// <summary>The edge from node (row, column) to the next column, or else to the next row.</summary>
    private readonly record struct Edge(int Row, int Column, bool Along);

    /// <summary>The lines, each a chain of points; a closed one ends where it began.</summary>
    public static IEnumerable<(double[] X, double[] Y)> Lines(IReadOnlyList<double> x, IReadOnlyList<double> y, double[,] values, double level)
    {
        var squares = new MarchingSquares(x, y, values, level);
        for (int row = 0; row + 1 < y.Count; row++)
            for (int column = 0; column + 1 < x.Count; column++) squares.AddCell(row, column);
        return squares.Chains();
    }

    private void AddCell(int row, int column)
    {
        double[] corners = [values[row, column], values[row, column + 1], values[row + 1, column + 1], values[row + 1, column]];
        if (!corners.All(double.IsFinite)) return;

        Edge[] around = [new(row, column, true), new(row, column + 1, false), new(row + 1, column, true), new(row, column, false)];
        Edge[] crossed = [.. Enumerable.Range(0, 4).Where(side => corners[side] >= level != corners[(side + 1) % 4] >= level).Select(side => around[side])];
        if (crossed.Length == 2) Link(crossed[0], crossed[1]);
        if (crossed.Length < 4) return;

        int shift = corners.Average() >= level == corners[0] >= level ? 0 : 1;      // around the corners that the middle does not belong to
        Link(around[shift], around[shift + 1]);
        Link(around[shift + 2], around[(shift + 3) % 4]);
    }

    private void Link(Edge one, Edge other)
    {
        (links.TryGetValue(one, out var from) ? from : links[one] = []).Add(other);
        (links.TryGetValue(other, out var to) ? to : links[other] = []).Add(one);
    }

    // Open lines first, from an end; what is left are loops.
    private IEnumerable<(double[] X, double[] Y)> Chains()
    {
        foreach (var start in links.Keys.OrderBy(edge => links[edge].Count).ToList())
        {
            if (links[start].Count == 0) continue;

            var chain = new List<Edge> { start };
            for (var at = start; links[at].Count > 0; chain.Add(at))
            {
                var next = links[at][0];
                links[at].RemoveAt(0);
                links[next].Remove(at);
                at = next;
            }
            yield return ([.. chain.Select(edge => Crossing(edge).X)], [.. chain.Select(edge => Crossing(edge).Y)]);
        }
    }

    private (double X, double Y) Crossing(Edge edge)
    {
        int row = edge.Along ? edge.Row : edge.Row + 1, column = edge.Along ? edge.Column + 1 : edge.Column;
        double from = values[edge.Row, edge.Column], to = values[row, column], share = (level - from) / (to - from);
        return (x[edge.Column] + share * (x[column] - x[edge.Column]), y[edge.Row] + share * (y[row] - y[edge.Row]));
    }
}
