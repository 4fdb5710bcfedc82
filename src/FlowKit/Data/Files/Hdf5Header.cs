namespace FlowKit.Data;

/// <summary>The messages that describe a group or a data set of an HDF5 file (object headers of version 1 and 2).</summary>
internal sealed class Hdf5Header
{
    private const int Continuation = 0x10, MostMessages = 1 << 16;
    private const string What = "an object header";

    private readonly List<(int Type, Hdf5Cursor Body, bool IsShared)> messages = [];
    private readonly Hdf5Bytes file;
    private readonly int version, orderBytes;

    public Hdf5Header(Hdf5Bytes file, ulong address)
    {
        this.file = file;
        var start = file.At(address, 4, What);
        version = start.Byte();
        if (version == 1)
        {
            start = file.At(address, 16, What);
            start.Skip(8);
            Read(file.At(address + 16, start.UInt32(), What));
            return;
        }
        file.At(address, 4, What).Expect("OHDR"u8);
        start = file.At(address, 6, What);
        start.Skip(4);
        version = start.Byte();
        if (version != 2) throw file.Wrong($"{What} of version 1 or 2", $"{version}");
        int flags = start.Byte(), sizeBytes = 1 << (flags & 3);
        orderBytes = (flags & 4) != 0 ? 2 : 0;
        int skipped = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
        ulong size = file.At(address + (ulong)skipped, sizeBytes, What).Sized(sizeBytes);
        Read(file.At(address + (ulong)(skipped + sizeBytes), (long)Math.Min(size, long.MaxValue), What));
    }

    public bool Has(int type) => messages.Exists(message => message.Type == type);

    /// <summary>The messages of a type.</summary>
    public IEnumerable<Hdf5Cursor> All(int type) => messages.Where(message => message.Type == type).Select(message => message.Body);

    /// <summary>The one message of a type.</summary>
    /// <exception cref="InvalidDataException">There is none, or it lies elsewhere.</exception>
    public Hdf5Cursor One(int type, string name)
    {
        var found = messages.Where(message => message.Type == type).ToList();
        if (found.Count != 1) throw file.Wrong($"one {name} of the data set", $"{found.Count}");
        return found[0].IsShared ? throw file.Wrong($"a {name} of the data set's own", "one that several share") : found[0].Body;
    }

    private void Read(Hdf5Cursor block)
    {
        int head = version == 1 ? 8 : 4 + orderBytes;
        while (block.Left >= head)
        {
            int type = version == 1 ? block.UInt16() : block.Byte(), size = block.UInt16(), flags = block.Byte();
            block.Skip(version == 1 ? 3 : orderBytes);
            var body = block.Part(size, "a header message");
            if (type == Continuation) Continue(body.UInt64(), body.UInt64());
            else if (type != 0) messages.Add((type, body, (flags & 2) != 0));
            if (messages.Count > MostMessages) throw file.Wrong($"at most {MostMessages} messages in {What}", "more");
        }
    }

    private void Continue(ulong address, ulong length)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();      // a chain of continuations is as long as the file says
        var block = file.At(address, (long)Math.Min(length, long.MaxValue), What);
        if (version == 1)
        {
            Read(block);
            return;
        }
        block.Expect("OCHK"u8);
        if (block.Left < 4) throw file.Wrong($"a checksum at the end of {What}", "none");
        Read(block.Part(block.Left - 4, What));
    }
}
