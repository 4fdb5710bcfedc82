using FlowKit.Copulas;
using FlowKit.Interactive.Rendering;

namespace FlowKit.Interactive.Tests;

public class VineFigureTests
{
    public static TheoryData<string> Shapes => ["path", "star", "general", "comb"];

    [Theory, MemberData(nameof(Shapes))]
    public void Each_tree_is_a_panel_whose_boxes_and_labels_do_not_overlap(string shape)
    {
        var vine = Vine(shape);
        var figure = Figures.Vine(vine);
        Assert.Equal(Enumerable.Range(1, 5).Select(tree => $"tree {tree}"), figure.Panels.Select(panel => panel.Title));
        Assert.Equal(1, figure.Columns);
        foreach (var panel in figure.Panels)
        {
            var boxes = panel.Layers.OfType<Boxes>().ToArray();
            var all = boxes.SelectMany(layer => Enumerable.Range(0, layer.X.Count).Select(i => (Text: layer.Texts![i], X: layer.X[i], Y: layer.Y[i], W: layer.Width[i], H: layer.Height[i], Size: (float)layer.TextSize))).ToArray();
            for (int i = 0; i < all.Length; i++)
            {
                Assert.True(all[i].Text.Split('\n').Max(line => EmbeddedFont.Measure(line, all[i].Size)) <= all[i].W);
                Assert.InRange(all[i].X - all[i].W / 2, panel.X!.Value.Low, panel.X.Value.High - all[i].W);
                Assert.InRange(all[i].Y - all[i].H / 2, panel.Y!.Value.Low, panel.Y.Value.High - all[i].H);
                for (int j = 0; j < i; j++)
                    Assert.True(Math.Abs(all[i].X - all[j].X) >= (all[i].W + all[j].W) / 2 || Math.Abs(all[i].Y - all[j].Y) >= (all[i].H + all[j].H) / 2, $"{shape}, {panel.Title}: \"{all[i].Text}\" lies on \"{all[j].Text}\".");
            }
        }
        Assert.InRange(figure.Panels.Max(panel => panel.Width), 100, 1000);
        Assert.InRange(figure.Panels.Sum(panel => panel.Height), 100, 900);
    }

    [Fact]
    public void Nodes_bear_the_names_and_lines_the_copulas()
    {
        var figure = Figures.Vine(Vine("path"), ["a", "b", "c", "d", "e", "f"]);
        Assert.Equal(["a", "b", "c", "d", "e", "f"], Nodes(0));
        Assert.Equal(["a,b", "b,c", "c,d", "d,e", "e,f"], Nodes(1));
        Assert.Equal(["a,c|b", "b,d|c", "c,e|d", "d,f|e"], Nodes(2));
        Assert.Equal("Clayton(2)\nτ 0.50", figure.Panels[0].Layers.OfType<Boxes>().First().Texts![0]);
        Assert.Contains("Gumbel(1.6) 90°\nτ −0.38", figure.Panels.SelectMany(panel => panel.Layers.OfType<Boxes>().First().Texts!));
        Assert.Single(Figures.Vine(Vine("path").Truncate(1)).Panels);

        IEnumerable<string> Nodes(int panel) => figure.Panels[panel].Layers.OfType<Boxes>().Last().Texts!;
    }

    [Fact]
    public void Names_that_do_not_fit_the_variables_are_refused()
    {
        Assert.Contains("6 variables; there were 2", Assert.Throws<ArgumentException>("names", () => Figures.Vine(Vine("path"), ["a", "b"])).Message);
        Assert.Throws<ArgumentNullException>("vine", () => Figures.Vine(null!));
    }

    private static VineCopula Vine(string shape)
    {
        var structure = shape switch
        {
            "path" => VineStructure.DVine(0, 1, 2, 3, 4, 5),
            "star" => VineStructure.CVine(2, 0, 1, 3, 4, 5),
            "general" => new([
                [new(0, 1), new(1, 2), new(1, 3), new(3, 4), new(3, 5)],
                [new(0, 3, 1), new(2, 3, 1), new(1, 4, 3), new(1, 5, 3)],
                [new(0, 2, 1, 3), new(2, 4, 1, 3), new(2, 5, 1, 3)],
                [new(0, 4, 1, 2, 3), new(4, 5, 1, 2, 3)],
                [new(0, 5, 1, 2, 3, 4)]]),
            _ => new([[new(0, 1), new(1, 2), new(2, 3), new(1, 4), new(2, 5)], [new(0, 2, 1), new(1, 3, 2), new(4, 2, 1), new(1, 5, 2)],
                [new(0, 3, 1, 2), new(4, 0, 1, 2), new(3, 5, 1, 2)], [new(4, 3, 0, 1, 2), new(0, 5, 1, 2, 3)], [new(4, 5, 0, 1, 2, 3)]]),
        };
        PairCopula[] cycle = [new(new Clayton(), 2), new(new Gumbel(), 1.6) { Rotation = 90 }, new(new StudentCopula(), -0.4, 5.25), new(new Frank(), 4), new(new Independence()), new(new BB1(), 0.4, 1.3) { Rotation = 180 }];
        int index = 0;
        return new(structure, [.. structure.Trees.Select(tree => tree.Select(_ => cycle[index++ % cycle.Length]).ToArray())]);
    }
}
