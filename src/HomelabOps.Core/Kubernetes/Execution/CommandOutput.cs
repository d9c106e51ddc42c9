using System.Buffers;
using System.Text;

namespace HomelabOps.Core.Kubernetes.Execution;

/// <summary>What a command has written, up to a limit: a command that writes for ever must not fill the memory.</summary>
internal sealed class CommandOutput
{
    /// <summary>Bytes that are kept of each stream.</summary>
    public const int Limit = 32 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>More was written than is kept.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The text without the line end at its end.</summary>
    public string Text
    {
        get
        {
            var text = Encoding.UTF8.GetString(_bytes.WrittenSpan);
            return text.EndsWith('\n') ? text[..^(text.EndsWith("\r\n", StringComparison.Ordinal) ? 2 : 1)] : text;
        }
    }

    /// <summary>Takes some more of it.</summary>
    public ValueTask AddAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var room = Math.Min(bytes.Length, Limit - _bytes.WrittenCount);
        _bytes.Write(bytes.Span[..room]);
        IsCut |= room < bytes.Length;
        return ValueTask.CompletedTask;
    }
}
