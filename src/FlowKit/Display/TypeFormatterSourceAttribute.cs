namespace FlowKit;

/// <summary>Tells .NET Interactive who shows a type; it knows the attribute by this name, so that no reference to it is needed.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>A type with <c>CreateTypeFormatters()</c>.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>As which MIME types it is shown.</summary>
    public string[] PreferredMimeTypes { get; set; } = [];
}
