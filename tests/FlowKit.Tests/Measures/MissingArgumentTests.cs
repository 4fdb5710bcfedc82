using System.Collections;
using System.Reflection;
using FlowKit.Integration;
using FlowKit.Measures;

namespace FlowKit.Tests.Measures;

/// <summary>A missing argument of any public member is named, before anything is computed.</summary>
public class MissingArgumentTests
{
    private static readonly SigmaAlgebra Two = SigmaAlgebra.Discrete(2);

    private static readonly object[] Samples =
    [
        Two, FiniteSet.Of(2, 0), new FiniteMap(2, 0, 1), new FiniteFunction(0, 1), new PositiveMeasure(Two, 1, 1), new SignedMeasure(Two, 1, -1), DiscreteLaw.Uniform(0, 1),
        LineSet.Open(0, 1), new Polygon((0, 0), (1, 0), (0, 1)), DistributionFunction.Jump(0), new SimpleFunction((1, LineSet.Open(0, 1))), new SmoothMap(x => x * 2, z => z / 2),
        (Rational)1, new RootTwoNumber(1, 1), QuadratureRule.Circle(), 1, 0.5, (0.0, 1.0),
    ];

    private static readonly MethodBase[] Members =
    [
        .. typeof(FiniteSet).Assembly.GetExportedTypes().Where(type => type.Namespace is "FlowKit.Integration" or "FlowKit.Measures" && type != typeof(LebesgueDecomposition))      // a result, made by one method
            .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)).OfType<MethodBase>()
            .Where(member => member is not ConstructorInfo { DeclaringType.IsValueType: true } && member.Name is not ("Equals" or "GetHashCode" or "op_Equality" or "op_Inequality" or "Deconstruct")),
    ];

    public static TheoryData<int> Calls => [.. Enumerable.Range(0, Members.Length).Where(i => Members[i].GetParameters().Any(Needed) && Members[i].GetParameters().All(parameter => Value(parameter) is not null || Needed(parameter)))];

    [Theory, MemberData(nameof(Calls))]
    public void A_missing_argument_is_named(int index)
    {
        var member = Members[index];
        var parameters = member.GetParameters();
        foreach (var missing in parameters.Where(Needed))
        {
            object?[] arguments = [.. parameters.Select(parameter => parameter == missing ? null : Value(parameter))];
            if (arguments.Where((argument, i) => argument is null && parameters[i] != missing).Any()) continue;
            object? on = member.IsStatic || member.IsConstructor ? null : Samples.First(sample => member.DeclaringType!.IsInstanceOfType(sample));
            var thrown = Assert.Throws<TargetInvocationException>(() => member is ConstructorInfo constructor ? constructor.Invoke(arguments) : member.Invoke(on, arguments)).InnerException;
            Assert.True(thrown is ArgumentNullException refusal && refusal.ParamName == missing.Name, $"{member.DeclaringType!.Name}.{member} without {missing.Name}: {thrown!.GetType().Name} {thrown.Message}");
        }
    }

    private static bool Needed(ParameterInfo parameter) => !parameter.ParameterType.IsValueType && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.NotNull;

    private static object? Value(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(Tensor)) return ones(2, 1);
        if (typeof(Delegate).IsAssignableFrom(type)) return Any(type);
        if (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type)) return Array.CreateInstance(type.GetGenericArguments()[0], 0);
        return Samples.FirstOrDefault(type.IsInstanceOfType) ?? (type.IsValueType ? Activator.CreateInstance(type) : null);
    }

    // A function of that type whose value is the default.
    private static Delegate Any(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        return System.Linq.Expressions.Expression.Lambda(type, System.Linq.Expressions.Expression.Default(invoke.ReturnType), invoke.GetParameters().Select(parameter => System.Linq.Expressions.Expression.Parameter(parameter.ParameterType))).Compile();
    }
}
