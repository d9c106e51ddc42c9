using System.Buffers.Binary;
using System.Text;

namespace HomelabOps.Core.Nfs.Rpc;

/// <summary>Writes XDR (RFC 4506): big-endian words, and texts that are filled up to whole words.</summary>
internal sealed class XdrWriter
{
    private readonly List<byte> _bytes = [];

    public XdrWriter Write(uint value)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(word, value);
        _bytes.AddRange(word);
        return this;
    }

    public XdrWriter Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    public XdrWriter Write(ReadOnlySpan<byte> bytes)
    {
        Write((uint)bytes.Length);
        _bytes.AddRange(bytes);
        while (_bytes.Count % sizeof(uint) != 0)
        {
            _bytes.Add(0);
        }

        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
