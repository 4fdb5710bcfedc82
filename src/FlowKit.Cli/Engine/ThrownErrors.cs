using System.Diagnostics;
using System.Reflection;

namespace FlowKit.Cli;

/// <summary>Turns an exception into an error output: type, message, and a stack that ends at the cell.</summary>
internal static class ThrownErrors
{
    private const int MostLines = 60, LastLines = 5;

    /// <summary>The error output of an exception that left a cell.</summary>
    public static CellOutput.Error Describe(Exception exception, string cell, string directory)
    {
        if (exception is CellException known) return known.ToOutput();

        var cause = Cause(exception);
        string name = cause.GetType().Name;
        List<string> traceback = [];
        for (Exception? error = exception; error is not null; error = error.InnerException)
        {
            traceback.Add($"{(error == exception ? "" : "---> ")}{error.GetType().Name}: {Message(error)}");
            traceback.AddRange(Frames(error, directory));
        }
        return new(name, Message(cause), [.. Cut(traceback)], [Place(exception, cell, directory, $"{name}: {Message(cause)}")]);
    }

    // That a type's initializer failed says nothing; why it did is the error.
    private static Exception Cause(Exception error) => error is TypeInitializationException { InnerException: { } inner } ? Cause(inner) : error;

    // The innermost line of the cell itself; failing that, the innermost line of a file it imported.
    private static CellProblem Place(Exception exception, string cell, string directory, string message)
    {
        StackFrame[] frames = [.. Chain(exception).SelectMany(error => new StackTrace(error, fNeedFileInfo: true).GetFrames())];
        var frame = frames.FirstOrDefault(frame => File(frame) == cell) ?? frames.FirstOrDefault(IsScript);
        if (frame is null) return new(null, null, message);

        return new(File(frame) == cell ? null : File(frame), frame.GetFileLineNumber(), message);

        string? File(StackFrame frame) => frame.GetFileName() is { } path ? CellPath.Show(path, directory) : null;
    }

    // libtorch appends the native stack, with library paths, to its messages.
    private static string Message(Exception error) =>
        error.Message.IndexOf("\nException raised from", StringComparison.Ordinal) is > 0 and int end ? error.Message[..end] : error.Message;

    private static IEnumerable<Exception> Chain(Exception? error)
    {
        for (; error is not null; error = error.InnerException) yield return error;
    }

    private static IEnumerable<string> Frames(Exception error, string directory)
    {
        foreach (var frame in new StackTrace(error, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetMethod() is not { } method) continue;
            string place = frame.GetFileName() is { } file ? $" in {CellPath.Show(file, directory)}, line {frame.GetFileLineNumber()}" : "";
            if (IsScript(frame) && method.DeclaringType?.Name.Contains("<Initialize>", StringComparison.Ordinal) == true)
            {
                yield return $"   at{place[3..]}";
                yield break;                                    // below the cell is only the engine
            }
            if (!IsPlumbing(method)) yield return $"   at {Signature(method)}{place}";
        }
    }

    // Of endless recursion the first and the last lines suffice.
    private static IEnumerable<string> Cut(List<string> lines) => lines.Count <= MostLines
        ? lines
        : [.. lines[..(MostLines - LastLines)], $"   ... {lines.Count - MostLines:N0} lines more ...", .. lines[^LastLines..]];

    private static bool IsScript(StackFrame frame) =>
        frame.GetFileName() is not null && frame.GetMethod()?.Module.Assembly.GetName().Name?.StartsWith("notebook-", StringComparison.Ordinal) == true;

    private static bool IsPlumbing(MethodBase method) => method.DeclaringType?.Namespace is "System.Runtime.CompilerServices" or "System.Runtime.ExceptionServices";

    private static string Signature(MethodBase method)
    {
        string type = method.DeclaringType?.FullName ?? "";
        string owner = type.StartsWith("Submission#", StringComparison.Ordinal) ? type[(type.IndexOfAny(['+', '.']) + 1)..] : type;
        if (owner.StartsWith("Submission#", StringComparison.Ordinal)) owner = "";
        string parameters = string.Join(", ", method.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}"));
        return $"{(owner.Length > 0 ? owner + "." : "")}{method.Name}({parameters})";
    }
}
