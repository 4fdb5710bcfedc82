using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FlowKit.Inference;

/// <summary>The file of finished simulations: a head that says of what, then records of neighboring rows, each with a checksum, appended in any order.</summary>
/// <remarks>A record is handed to the system in one piece; what a process that is killed has handed over is not lost. A record that is not whole is not there: its rows are simulated again. Of two records of a row the later counts.</remarks>
internal sealed class SimulationCache : IDisposable
{
    private const int Hash = 16, RecordHead = 16, LargestRecord = 1 << 30;
    private static readonly byte[] magic = "FlowKit simulations 1\n"u8.ToArray();
    private static readonly byte[] marker = "row+"u8.ToArray();

    private readonly string path;
    private readonly FileStream file;
    private readonly int parameters;
    private readonly Dictionary<string, string> problem;

    /// <summary>Opens or creates it; no other process can meanwhile.</summary>
    /// <exception cref="SimulationException">It cannot be opened, is no such file, or belongs to another problem.</exception>
    public SimulationCache(string path, string name, long seed, int parameters)
    {
        this.path = Path.GetFullPath(path);
        this.parameters = parameters;
        problem = new() { ["problem"] = $"'{name}'", ["seed"] = $"{seed}", ["number of parameters"] = $"{parameters}" };
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(this.path)!);
            file = new(this.path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SimulationException($"The cache {this.path} cannot be opened: {error.Message}", error);
        }
        try
        {
            ReadHead();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>M, numbers of an observation; null as long as no head is written.</summary>
    public int? Outputs { get; private set; }

    /// <summary>Every whole record's rows, in the order of the file. Whatever follows the last whole record is cut off.</summary>
    public void Read(Action<int, SimulatedRow> take)
    {
        if (Outputs is not { } outputs) return;

        long end = file.Position;
        while (true)
        {
            long start = file.Position;
            if (ReadRecord(outputs, take)) end = file.Position;
            else if (!FindMarker(start + 1)) break;                           // damage in the middle costs its record alone
        }
        file.SetLength(end);
        file.Position = end;
    }

    /// <summary>Writes the head of a new file.</summary>
    public void Begin(int outputs)
    {
        if (Outputs is not null) return;
        problem["numbers of an observation"] = $"{outputs}";
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(problem);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        Write([.. magic, .. length, .. json, .. Sum(json)]);
        Outputs = outputs;
    }

    /// <summary>Appends neighboring rows as one record.</summary>
    /// <exception cref="SimulationException">The disk is full, for example.</exception>
    public void Append(int first, IReadOnlyList<SimulatedRow> rows)
    {
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(marker);
            writer.Write(first);
            writer.Write(rows.Count);
            writer.Write(0);                                                  // the length, below
            foreach (var row in rows)
            {
                foreach (double x in row.Parameters) writer.Write(x);
                writer.Write(row.Observation is not null);
                if (row.Observation is null) writer.Write(row.Message);
                else foreach (double y in row.Observation) writer.Write(y);
            }
        }
        byte[] bytes = memory.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), bytes.Length - RecordHead);
        Write([.. bytes, .. Sum(bytes)]);
    }

    /// <summary>All is on the disk, even if the power fails.</summary>
    public void Dispose()
    {
        try
        {
            file.Flush(flushToDisk: true);
        }
        finally
        {
            file.Dispose();
        }
    }

    private void ReadHead()
    {
        byte[] start = new byte[magic.Length + 4];
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (!start.AsSpan(0, Math.Min(read, magic.Length)).SequenceEqual(magic.AsSpan(0, Math.Min(read, magic.Length)))) throw Refuse("is no cache of simulations");

        int length = BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(magic.Length));
        byte[] rest = new byte[read < start.Length || length is < 0 or > 1 << 20 ? 0 : length + Hash];
        bool isWhole = rest.Length > 0 && file.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false) == rest.Length;
        if (isWhole && Sum(rest.AsSpan(..^Hash)).SequenceEqual(rest[^Hash..]))
        {
            var theirs = JsonSerializer.Deserialize<Dictionary<string, string>>(rest.AsSpan(..^Hash))!;
            string[] other = [.. problem.Keys.Where(key => problem[key] != theirs.GetValueOrDefault(key))];
            if (other.Length > 0) throw Refuse($"belongs to another problem: {string.Join("; ", other.Select(key => $"{key} is {theirs.GetValueOrDefault(key, "unknown")} there and {problem[key]} here"))}");
            Outputs = int.Parse(theirs["numbers of an observation"], CultureInfo.InvariantCulture);
            return;
        }
        if (isWhole) throw Refuse("has a damaged head");
        file.SetLength(0);                                                    // killed before the head was whole: there are no rows
    }

    private bool ReadRecord(int outputs, Action<int, SimulatedRow> take)
    {
        byte[] head = new byte[RecordHead];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.AsSpan(0, marker.Length).SequenceEqual(marker)) return false;
        int first = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(4)), count = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(8)), length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12));
        if (first < 0 || count < 1 || length is < 0 or > LargestRecord || length > file.Length - file.Position - Hash) return false;
        byte[] rest = new byte[length + Hash];
        file.ReadExactly(rest);
        if (!Sum([.. head, .. rest[..^Hash]]).SequenceEqual(rest[^Hash..])) return false;

        using var reader = new BinaryReader(new MemoryStream(rest, 0, length));
        for (int row = 0; row < count; row++)
        {
            double[] x = [.. Enumerable.Range(0, parameters).Select(_ => reader.ReadDouble())];
            bool isGood = reader.ReadBoolean();
            take(first + row, isGood ? new(x, [.. Enumerable.Range(0, outputs).Select(_ => reader.ReadDouble())], "") : new(x, null, reader.ReadString()));
        }
        return true;
    }

    private bool FindMarker(long from)
    {
        file.Position = Math.Min(from, file.Length);
        int matched = 0;
        for (int next = file.ReadByte(); next >= 0; next = file.ReadByte())
        {
            matched = next == marker[matched] ? matched + 1 : next == marker[0] ? 1 : 0;
            if (matched < marker.Length) continue;
            file.Position -= marker.Length;
            return true;
        }
        return false;
    }

    private void Write(byte[] bytes)
    {
        try
        {
            file.Write(bytes);
            file.Flush();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SimulationException($"The cache {path} cannot be written: {error.Message} The rows written before are still there.", error);
        }
    }

    private SimulationException Refuse(string why) => new($"The cache {path} {why}. Delete the file, or name another, to begin anew.");

    private static byte[] Sum(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes)[..Hash];
}
