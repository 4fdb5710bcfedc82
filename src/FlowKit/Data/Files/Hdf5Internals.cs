using System.Collections;
using System.Reflection;
using PureHDF.VOL.Native;

namespace FlowKit.Data;

/// <summary>
/// What PureHDF 2.2.0 knows of a file and does not tell: where it should end, byte order, which it does not convert, and links, which it follows in a circle until the stack is full and
/// the process ends.
/// </summary>
internal static class Hdf5Internals
{
    /// <summary>How many bytes a file had when it was written.</summary>
    public static ulong End(NativeFile file) => (ulong)Value(Value(Value(file, "Context"), "Superblock"), "EndOfFileAddress")!;

    /// <summary>The links that a group's header lists, hard ones to members of the group and others to elsewhere; none where the group keeps them in a table of its own, which is read anew at each step.</summary>
    public static IReadOnlyList<(string Name, bool IsHard)> Links(NativeGroup group) =>
    [
        .. ((IEnumerable)Value(Value(group, "Header"), "HeaderMessages")!).Cast<object>().Select(message => Value(message, "Data")!).Where(data => data.GetType().Name == "LinkMessage")
            .Select(link => ((string)Value(link, "LinkName")!, Value(link, "LinkType")!.ToString() == "Hard")),
    ];

    /// <summary>Whether a data set's numbers are in other files.</summary>
    public static bool IsExternal(NativeDataset dataset) => Value(dataset, "InternalExternalFileList") is not null;

    /// <summary>Whether a data set's numbers begin with their largest byte.</summary>
    public static bool IsBigEndian(NativeDataset dataset) => Value(Value(Value(dataset, "InternalDataType"), "BitField"), "ByteOrder")!.ToString() == "BigEndian";

    private static object? Value(object? owner, string property) =>
        owner!.GetType().GetProperty(property, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(owner);
}
