using FlowKit.Laws;

namespace FlowKit.Tests.Laws;

/// <summary>Laws and cases as rows of a theory.</summary>
internal static class Theories
{
    /// <summary>The name of every law beside that of every case it speaks of.</summary>
    public static TheoryData<string, string> Of<TCase>(IEnumerable<Law<TCase>> laws, IReadOnlyList<TCase> cases) where TCase : notnull
    {
        var rows = new TheoryData<string, string>();
        foreach (var law in laws)
            foreach (var one in cases.Where(law.AppliesTo)) rows.Add(law.Name, one.ToString()!);
        return rows;
    }
}
