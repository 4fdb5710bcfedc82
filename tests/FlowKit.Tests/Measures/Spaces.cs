using CsCheck;
using FlowKit.Measures;

namespace FlowKit.Tests.Measures;

/// <summary>Random finite spaces: sets, sigma-algebras, maps, measures and functions for laws over all of them.</summary>
internal static class Spaces
{
    public const int MaxPoints = 7;

    public static Gen<int> Points => Gen.Int[1, MaxPoints];

    public static Gen<Rational> Fraction => Gen.Select(Gen.Long[-12, 12], Gen.Long[1, 6]).Select((a, b) => new Rational(a, b));

    // Null atoms come often, infinite ones sometimes.
    public static Gen<Rational> Weight => Gen.Select(Gen.Int[0, 9], Gen.Long[1, 12], Gen.Long[1, 6]).Select((kind, a, b) =>
        kind < 3 ? Rational.Zero : kind == 3 ? Rational.Infinity : new Rational(a, b));

    public static Gen<Rational> FiniteWeight => Weight.Where(weight => weight.IsFinite);

    public static Gen<FiniteSet> Set(int points) => Gen.Bool.Array[points].Select(flags => FiniteSet.Of(points, Where(flags)));

    public static Gen<SigmaAlgebra> Algebra(int points) => Gen.Int[0, points - 1].Array[points].Select(classes =>
        SigmaAlgebra.Generate(points, classes.Distinct().Select(one => FiniteSet.Of(points, Enumerable.Range(0, points).Where(point => classes[point] == one)))));

    public static Gen<FiniteMap> Map(int points, int targets) => Gen.Int[0, targets - 1].Array[points].Select(values => new FiniteMap(targets, values));

    public static Gen<PositiveMeasure> Measure(SigmaAlgebra algebra, Gen<Rational>? weight = null) =>
        (weight ?? Weight).Array[algebra.Atoms.Count].Select(weights => new PositiveMeasure(algebra, weights));

    public static Gen<SignedMeasure> Signed(SigmaAlgebra algebra) => Fraction.Array[algebra.Atoms.Count].Select(weights => new SignedMeasure(algebra, weights));

    public static Gen<PositiveMeasure> Probability(SigmaAlgebra algebra) => Measure(algebra, FiniteWeight).Where(measure => measure.Total.Sign > 0).Select(measure => measure.Normalized());

    public static Gen<FiniteFunction> Function(SigmaAlgebra algebra, Gen<Rational>? value = null) =>
        (value ?? Fraction).Array[algebra.Atoms.Count].Select(values => FiniteFunction.Of(algebra.Points, point => values[algebra.AtomOf(point)]));

    /// <summary>A union of atoms, so that it is measurable.</summary>
    public static Gen<FiniteSet> Measurable(SigmaAlgebra algebra) => Gen.Bool.Array[algebra.Atoms.Count].Select(flags =>
        Where(flags).Aggregate(FiniteSet.Empty(algebra.Points), (union, atom) => union | algebra.Atoms[atom]));

    /// <summary>That an action is refused, with these words of the definition it breaks.</summary>
    public static void Refused<T>(string words, Action action) where T : Exception => Assert.Contains(words, Assert.Throws<T>(action).Message, StringComparison.Ordinal);

    /// <summary>What a function gives, within a time that nothing but an endless loop takes.</summary>
    public static Task<T> InTime<T>(Func<T> f, double seconds = 30) => Task.Run(f).WaitAsync(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);

    /// <summary>That two numbers agree to a tolerance.</summary>
    public static void Near(double expected, double actual, double tolerance) => Assert.InRange(actual, expected - tolerance, expected + tolerance);

    private static IEnumerable<int> Where(bool[] flags) => Enumerable.Range(0, flags.Length).Where(i => flags[i]);
}
