using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>Messages as frames: signed on the way out, and on the way in dropped unless the signature is right and new.</summary>
internal sealed class KernelWire(byte[] key)
{
    /// <summary>The protocol's version.</summary>
    public const string Version = "5.4";

    private const int Remembered = 1 << 16;
    private static readonly byte[] delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly JsonSerializerOptions compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false };
    private readonly HashSet<string> seen = [];
    private readonly Queue<string> oldest = new();
    private long sent;

    /// <summary>What this kernel's messages call it.</summary>
    public string Session { get; } = Guid.NewGuid().ToString();

    /// <summary>A new message about a request; <paramref name="about"/> is null for one that answers none.</summary>
    public KernelMessage Compose(string type, IReadOnlyList<byte[]> route, KernelMessage? about, JsonObject content)
    {
        var header = new JsonObject
        {
            ["msg_id"] = $"{Session}_{Interlocked.Increment(ref sent)}",
            ["session"] = Session,
            ["username"] = "kernel",
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = Version,
        };
        return new(route, header, about?.Header ?? [], content);
    }

    /// <summary>The message as signed frames.</summary>
    public IReadOnlyList<byte[]> Pack(KernelMessage message)
    {
        byte[][] parts = [Bytes(message.Header), Bytes(message.Parent), "{}"u8.ToArray(), Bytes(message.Content)];
        return [.. message.Route, delimiter, Encoding.ASCII.GetBytes(Sign(parts)), .. parts];
    }

    /// <summary>The message in the frames, or null and what is wrong with them.</summary>
    public KernelMessage? Unpack(IReadOnlyList<byte[]> frames, out string? problem)
    {
        int at = frames.TakeWhile(frame => !frame.AsSpan().SequenceEqual(delimiter)).Count();
        problem = "it has too few frames";
        if (frames.Count < at + 6) return null;

        problem = "its signature is wrong";
        byte[][] parts = [.. frames.Skip(at + 2).Take(4)];
        string signature = Sign(parts);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), frames[at + 1])) return null;

        problem = "it came before";
        if (!Remember(signature)) return null;

        problem = "it is not four JSON objects with a message type";
        try
        {
            JsonObject?[] json = [.. parts.Select(part => JsonNode.Parse(part, documentOptions: strict) as JsonObject)];
            if (json is not [{ } header, { } parent, { }, { } content]) return null;
            content.ToJsonString();                     // reads every string, so that a broken one is found here
            var message = new KernelMessage([.. frames.Take(at)], header, parent, content);
            if (message.Type.Length == 0) return null;
            problem = null;
            return message;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString(compact));

    private string Sign(byte[][] parts)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (byte[] part in parts) mac.AppendData(part);
        return Convert.ToHexStringLower(mac.GetHashAndReset());
    }

    private bool Remember(string signature)
    {
        if (!seen.Add(signature)) return false;
        oldest.Enqueue(signature);
        if (oldest.Count > Remembered) seen.Remove(oldest.Dequeue());
        return true;
    }
}
