using System.Runtime.CompilerServices;

namespace FlowKit.Data;

/// <summary>An HDF5 file that PureHDF reads: a structure that leads back into itself ends in an exception, before it ends the process or never ends.</summary>
internal sealed class Hdf5Stream : Stream
{
    private readonly FileStream file;
    private long allowance;

    public Hdf5Stream(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {Path.GetFullPath(path)}.", path);
        file = File.OpenRead(path);
        allowance = 1024 * file.Length + (1 << 20);         // the nodes that lead to a chunk may be read again for each
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if ((allowance -= Math.Max(1, buffer.Length)) < 0) throw new InvalidDataException("Its structures lead back into themselves.");
        return file.Read(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin)
    {
        long place = offset + (origin == SeekOrigin.Begin ? 0 : origin == SeekOrigin.Current ? Position : Length);
        return place >= 0 && place <= Length ? Position = place : throw new InvalidDataException($"It points to {place}, outside the file.");
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
