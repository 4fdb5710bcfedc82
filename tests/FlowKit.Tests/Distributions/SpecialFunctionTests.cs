using FlowKit.Distributions;

namespace FlowKit.Tests.Distributions;

/// <summary>The special functions where their formulas change, against values of mpmath 1.3 at 40 digits.</summary>
public class SpecialFunctionTests
{
    [Fact]
    public void The_error_of_Stirlings_formula_has_known_values() =>
        Check(SpecialFunctions.StirlingError, relative: 2e-13, (0.001, 2.54227046796709454), (0.7, 0.113263702114740255), (5, 0.0166446911898211922), (14.9, 0.00559200251225083018), (15.1, 0.00551795800316308015), (17, 0.00490139594843473786), (40, 0.00208328993830242175), (1000000000.0, 8.33333333333333333e-11));

    [Fact]
    public void The_defect_of_the_logarithm_has_known_values() =>
        Check(SpecialFunctions.LogDefect, relative: 1e-15, (-0.4, 0.110825623765990698), (-0.1, 0.00536051565782630184), (-1e-09, 5.00000000333333396e-19), (1e-09, 4.99999999666666729e-19), (0.02, 0.000197372703820286982), (0.3, 0.0376357355325089454), (0.4, 0.0635277633787870758));

    [Fact]
    public void The_logarithm_of_one_minus_an_exponential_has_known_values() =>
        Check(SpecialFunctions.Log1mExp, relative: 1e-15, (-1e-15, -34.5387763949106857), (-0.3, -1.35022561281484671), (-0.69, -0.696304297144056706), (-0.7, -0.686341002808385153), (-3, -0.0510691809427015865), (-40, -4.248354255291589e-18));

    [Fact]
    public void The_normal_laws_tail_has_known_values() =>
        Check(SpecialFunctions.LogNormalTail, relative: 1e-15, (0, -0.693147180559945309), (1, -1.84102164500926351), (14.99, -115.980773760840013), (15.01, -116.282095497570911), (16, -131.695396073759686), (30, -454.321243956343197), (100000.0, -5000000012.431864));

    [Fact]
    public void The_logarithm_of_one_plus_a_square_bends_at_zero()
    {
        var v = zeros(1, float64).requires_grad_();
        var slope = autograd.grad([SpecialFunctions.Log1pSquare(v).sum()], [v], retain_graph: true, create_graph: true)[0];
        Assert.Equal(2, autograd.grad([slope.sum()], [v])[0].ToDouble());
    }

    private static void Check(Func<Tensor, Tensor> f, double relative, params (double X, double Value)[] known)
    {
        foreach (var (x, value) in known)
            Assert.Equal(value, f(tensor([x], dtype: float64)).ToDouble(), relative * Math.Abs(value));
    }
}
