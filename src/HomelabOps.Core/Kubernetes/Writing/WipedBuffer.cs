using System.Buffers;
using System.Security.Cryptography;

namespace HomelabOps.Core.Kubernetes.Writing;

/// <summary>Takes what is secret while it is put together. Every byte that it ever held is wiped.</summary>
internal sealed class WipedBuffer : IBufferWriter<byte>, IDisposable
{
    private const int First = 32 * 1024;

    private byte[] _bytes = new byte[First];
    private int _length;

    /// <summary>What was written, in an array of its own that whoever takes it has to wipe.</summary>
    public byte[] Take() => _bytes.AsSpan(0, _length).ToArray();

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var wanted = _length + Math.Max(sizeHint, 1);
        if (wanted > _bytes.Length)
        {
            var larger = new byte[Math.Max(wanted, _bytes.Length * 2)];
            _bytes.AsSpan(0, _length).CopyTo(larger);
            CryptographicOperations.ZeroMemory(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
