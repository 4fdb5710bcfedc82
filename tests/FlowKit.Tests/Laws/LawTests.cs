using FlowKit.Laws;

namespace FlowKit.Tests.Laws;

/// <summary>Every law of <see cref="TransformLaws"/> and <see cref="DensityLaws"/> for every case of the catalogs that it speaks of.</summary>
public class LawTests
{
    [Theory, MemberData(nameof(TransformCatalog.Laws), MemberType = typeof(TransformCatalog))]
    public void Transforms(string law, string name) => TransformLaws.All.Single(one => one.Name == law).Check(TransformCatalog.Get(name));

    [Theory, MemberData(nameof(DensityCatalog.Laws), MemberType = typeof(DensityCatalog))]
    public void Densities(string law, string name) => DensityLaws.All.Single(one => one.Name == law).Check(DensityCatalog.Get(name));
}
