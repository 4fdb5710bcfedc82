using System.Reflection;
using FlowKit.Conditioners;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests;

public class FeatureNumberTests
{
    private static readonly string[] counts = ["features", "angles", "positions", "channels", "columns", "reflections"];

    // Sizes of tensors are long: whoever passes x.size(1) on needs no cast.
    [Fact]
    public void Every_number_of_features_is_long()
    {
        var members = typeof(Flow).Assembly.GetExportedTypes().SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly));
        var named = members.SelectMany(member => member switch
        {
            MethodBase method => method.GetParameters().Select(parameter => (Name: parameter.Name!, Type: parameter.ParameterType, Owner: $"{member.DeclaringType!.Name}.{member.Name}")),
            PropertyInfo property => [(property.Name, property.PropertyType, member.DeclaringType!.Name)],
            _ => [],
        }).Where(one => counts.Any(count => one.Name.EndsWith(count, StringComparison.OrdinalIgnoreCase))).ToList();
        Assert.True(named.Count > 50);
        Assert.DoesNotContain(named, one => one.Type == typeof(int) || one.Type == typeof(int?));
    }

    [Fact]
    public void The_size_of_a_tensor_is_taken_as_it_is()
    {
        using var x = zeros(3, 4);
        using var c = zeros(3, 2);
        foreach (Flow flow in new[]
        {
            Maf.Create(x.size(1), contextFeatures: c.size(1)), RealNvp.Create(x.size(1), contextFeatures: c.size(1)), SplineFlow.Create(x.size(1), contextFeatures: c.size(1)),
        }) Assert.Equal([3], flow.LogProb(x, c).shape);
    }

    [Fact]
    public void More_features_than_an_array_holds_are_refused_by_name()
    {
        foreach (Action make in new Action[] { () => Orders.Natural(1L << 40), () => Masks.Half(1L << 40, second: true), () => Permutation.Reverse(1L << 40), () => new Made(1L << 40, 1, [4]) })
            Assert.Throws<ArgumentOutOfRangeException>("features", make);
    }
}
