using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Analysis;

namespace FlowKit.Interactive.Formatting;

/// <summary>A data frame as JSON, [{"x": 1.5, "name": "a"}, ...]: what other languages of a notebook receive of it.</summary>
internal static class FrameJson
{
    /// <summary>One object a row; what is missing or not finite is null.</summary>
    public static string Of(DataFrame frame)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            for (long row = 0; row < frame.Rows.Count; row++)
            {
                json.WriteStartObject();
                foreach (var column in frame.Columns) Write(json, column.Name, column[row]);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case bool flag: json.WriteBoolean(name, flag); break;
            case double or float when !double.IsFinite(Convert.ToDouble(value, CultureInfo.InvariantCulture)): json.WriteNull(name); break;
            case double number: json.WriteNumber(name, number); break;
            case float number: json.WriteNumber(name, number); break;
            case decimal number: json.WriteNumber(name, number); break;
            case ulong number: json.WriteNumber(name, number); break;
            case long or int or short or sbyte or uint or ushort or byte: json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case DateTime time: json.WriteString(name, time); break;
            case null: json.WriteNull(name); break;
            default: json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }
}
