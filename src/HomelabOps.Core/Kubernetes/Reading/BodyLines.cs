using System.Buffers;

namespace HomelabOps.Core.Kubernetes.Reading;

/// <summary>The lines of a body as they arrive, whatever their length, from one buffer that is used again.</summary>
internal sealed class BodyLines(Stream body, int size) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(size);
    private int _start;
    private int _searched;
    private int _end;
    private bool _ended;

    /// <summary>The line without its line feed; good until the next is asked for.</summary>
    public ReadOnlyMemory<byte> Current { get; private set; }

    /// <summary>The body ended within the line.</summary>
    public bool IsCutOff { get; private set; }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>Goes to the next line; false when the body has ended.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        int newline;
        while ((newline = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n')) < 0)
        {
            if (_ended || !await FillAsync(cancellationToken))
            {
                _ended = IsCutOff = true;
                Current = _buffer.AsMemory(_start, _end - _start);
                _start = _searched = _end;
                return Current.Length > 0;
            }
        }

        Current = _buffer.AsMemory(_start, _searched + newline - _start);
        _start = _searched = _searched + newline + 1;
        return true;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        _searched = _end;
        if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var read = await body.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }
}
