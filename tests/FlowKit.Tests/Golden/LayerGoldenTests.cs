using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Golden;

public class LayerGoldenTests
{
    private const double Tolerance = 1e-10;

    [Fact]
    public void Lu_linear_is_that_of_nflows()
    {
        var golden = LayerGolden.Read("nflows_lu");
        var packed = golden["state", "unconstrained_upper_diag"].diag_embed();
        var (lower, upper) = (golden["state", "lower_entries"], golden["state", "upper_entries"]);
        int entry = 0;
        for (int i = 1; i < 3; i++)
            for (int j = 0; j < i; j++) packed[i, j] = lower[entry++];
        entry = 0;
        for (int i = 0; i < 3; i++)
            for (int j = i + 1; j < 3; j++) packed[i, j] = upper[entry++];

        var layer = new LuLinear(3);
        Set(layer, ("packed", packed), ("bias", golden["state", "bias"]));
        Holds(layer, golden["x"], golden["z"], golden["ladj"]);
    }

    [Fact]
    public void Planar_is_that_of_normflows()
    {
        var golden = LayerGolden.Read("normflows_planar");
        var layer = new Planar(2);
        Set(layer, ("theta.own", cat([golden["params", "u"][0], golden["params", "w"][0], golden["params", "b"]])));
        Holds(layer, golden["z"], golden["y"], golden["logdet"]);
    }

    [Fact]
    public void Radial_is_that_of_normflows()
    {
        var golden = LayerGolden.Read("normflows_radial");
        var layer = new Radial(2);
        var alpha = golden["params", "alpha"].expm1().log();                  // theirs is |alpha|, ours softplus
        Set(layer, ("theta.own", cat([golden["params", "z_0"][0], alpha, golden["params", "beta"]])));
        Holds(layer, golden["z"], golden["y"], golden["logdet"]);
    }

    [Fact]
    public void Householder_reflections_are_those_of_Pyro()
    {
        var golden = LayerGolden.Read("pyro_householder");
        var layer = new Orthogonal(4, reflections: 3);
        Set(layer, ("vectors", golden["state", "u_unnormed"]));
        Holds(layer, golden["z"], golden["y"], golden["ladj"]);
    }

    [Theory, InlineData("nflows"), InlineData("normflows_inverse"), InlineData("survae"), InlineData("freia_irevnet")]
    public void Squeezed_channels_have_the_order_of(string library)
    {
        var golden = LayerGolden.Read("squeeze");
        Holds(new Squeeze(3, 4, 4), golden["x"], golden["out", library], zeros(2, dtype: float64));
    }

    private static void Set(Transform layer, params (string Key, Tensor Value)[] parameters)
    {
        layer.to(float64);
        var state = layer.state_dict();
        Assert.Equal(parameters.Select(parameter => parameter.Key).Order(), state.Keys.Order());
        using var none = no_grad();
        foreach (var (key, value) in parameters) state[key].copy_(value);
    }

    private static void Holds(Transform layer, Tensor x, Tensor expected, Tensor logDet)
    {
        var (z, ours) = layer.Forward(x);
        Assert.InRange(Distance(z, expected), 0, Tolerance);
        Assert.InRange(Distance(ours, logDet), 0, Tolerance);
        Assert.InRange(Distance(layer.Inverse(expected).X, x), 0, Tolerance);
    }
}
