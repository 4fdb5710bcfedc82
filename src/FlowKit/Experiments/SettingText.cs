using System.Globalization;

namespace FlowKit.Experiments;

/// <summary>Converts settings to text and back.</summary>
internal static class SettingText
{
    /// <summary>The value as text, the same in every culture.</summary>
    public static string Of<T>(T value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };

    /// <summary>Parses the text of a setting.</summary>
    /// <exception cref="ArgumentException">The text is not a value of that type; the message says what was expected.</exception>
    public static T Parse<T>(string name, string text, SettingOrigin origin)
    {
        object? value = typeof(T) switch
        {
            var type when type == typeof(string) => text,
            var type when type == typeof(bool) => bool.TryParse(text, out bool truth) ? truth : null,
            var type when type == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null,
            var type when type == typeof(long) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null,
            var type when type == typeof(double) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null,
            { IsEnum: true } type => Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse(type, text, ignoreCase: true) : null,
            _ => null,
        };
        return value is T parsed ? parsed : throw new ArgumentException(
            $"The setting '{name}' is {Expected(typeof(T))}; {(origin == SettingOrigin.CommandLine ? "the command line" : Experiment.SettingsVariable)} says '{text}'.", name);
    }

    /// <summary>Refuses types that settings cannot have.</summary>
    public static void CheckType<T>()
    {
        if (!(typeof(T).IsEnum || typeof(T) == typeof(string) || typeof(T) == typeof(bool) || typeof(T) == typeof(int) || typeof(T) == typeof(long) || typeof(T) == typeof(double)))
            throw new ArgumentException($"A setting is a string, bool, int, long, double or enum; it was {typeof(T).Name}.", nameof(T));
    }

    private static string Expected(Type type) => type switch
    {
        { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) => "a whole number of 32 bits",
        _ when type == typeof(long) => "a whole number of 64 bits",
        _ => "a number",
    };
}
