using System.Text;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>Gathers the lines that a planned process writes, with their times. One that writes more than so many is taken for one without an end.</summary>
internal sealed class PlannedOutput(PlannedTime time, int mostLines) : Stream
{
    private readonly List<LogLine> _lines = [];
    private readonly StringBuilder _open = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>All lines, the last one also without its end.</summary>
    public IReadOnlyList<LogLine> Finish()
    {
        if (_open.Length > 0)
        {
            End();
        }

        return _lines;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        foreach (var character in Encoding.UTF8.GetString(buffer, offset, count))
        {
            if (character == '\n')
            {
                End();
            }
            else
            {
                _open.Append(character);
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
        Write(buffer.ToArray(), 0, buffer.Length);
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
        _lines.Add(new(time.Passed, _open.ToString()));
        _open.Clear();
        if (_lines.Count >= mostLines)
        {
            throw new PlannedTime.Deadline(TimeSpan.MaxValue);
        }
    }
}
