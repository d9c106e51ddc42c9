namespace HomelabOps.Core.Machine;

/// <summary>Reads keys in small waits, so that a read can be cancelled without losing what is typed afterwards.</summary>
/// <param name="read">Waits for so many milliseconds and fills the buffer: the bytes read, 0 at the end, -1 where none came in time.</param>
internal sealed class KeyStream(Func<byte[], int, int> read) : Stream
{
    private const int Wait = 50;
    private readonly byte[] _buffer = new byte[4096];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var own = buffer.Length < _buffer.Length ? new byte[buffer.Length] : _buffer;
        var count = await Task.Run(
            () =>
            {
                int got;
                do
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }
                while ((got = read(own, Wait)) < 0);
                return got;
            },
            cancellationToken);
        own.AsMemory(0, count).CopyTo(buffer);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
