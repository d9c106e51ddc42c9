using System.Text;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>Keeps the lines that the processes of a container write, with their times. Of very many the oldest ones go, as a kubelet has its files of logs go round.</summary>
internal sealed class ProcessOutput(SteppedTime time) : Stream
{
    private const int MostLines = 5000;
    private const int Round = 1000;
    private readonly Lock _lock = new();
    private readonly List<LogLine> _lines = [];
    private readonly List<byte> _open = [];
    private long _gone;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>How many lines have gone, and those that are left; the last one also without its end.</summary>
    public (long Gone, IReadOnlyList<LogLine> Lines) Snapshot()
    {
        lock (_lock)
        {
            return (_gone, [.. _lines]);
        }
    }

    /// <summary>Ends a line that has no end yet: nothing more is written.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            if (_open.Count > 0)
            {
                End();
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_lock)
        {
            foreach (var one in buffer)
            {
                if (one == (byte)'\n')
                {
                    End();
                }
                else
                {
                    _open.Add(one);
                }
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
        // Lines are kept as they come.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void End()
    {
        _lines.Add(new(time.Passed, Encoding.UTF8.GetString([.. _open])));
        _open.Clear();
        if (_lines.Count > MostLines)
        {
            _lines.RemoveRange(0, Round);
            _gone += Round;
        }
    }
}
