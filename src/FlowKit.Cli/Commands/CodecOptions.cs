using System.CommandLine;
using System.Globalization;
using FlowKit.Compression;

namespace FlowKit.Cli;

/// <summary>What the commands of the image compressor have in common.</summary>
internal static class CodecOptions
{
    /// <summary>The codec.</summary>
    public static Argument<string> Model() => new("model") { Description = $"A file that 'flowkit train-codec' wrote{(Codec.Shipped.Count > 0 ? $", or {string.Join(" or ", Codec.Shipped)}, which FlowKit brings" : "")}.", HelpName = "MODEL" };

    /// <summary>How many threads.</summary>
    public static Option<string?> Threads() => CommonOptions.Expect(new("--threads") { Description = "Threads used; the result is the same for all. [default: one a core]", HelpName = "N" }, "a whole number of at least 1", IsCount);

    /// <summary>Whether it is a whole number of at least 1.</summary>
    public static bool IsCount(string text) => CountOf(text) is not null;

    /// <summary>A whole number of at least 1; null for none.</summary>
    public static int? CountOf(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1 ? count : null;

    /// <summary>Does work whose mistakes are files'.</summary>
    /// <exception cref="CommandException">A file is wrong, or cannot be read or written, or the work was interrupted.</exception>
    public static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException(problem is ArgumentException wrong && wrong.ParamName is { } name ? problem.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : problem.Message);
        }
        catch (OperationCanceledException)
        {
            throw new CommandException("interrupted.", ExitCode.Interrupted);
        }
    }
}
