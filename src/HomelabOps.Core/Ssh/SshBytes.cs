using System.Buffers.Binary;
using System.Text;

namespace HomelabOps.Core.Ssh;

/// <summary>The wire format of SSH: numbers with the highest byte first, texts with their length in front.</summary>
/// <param name="bytes">A message or a key.</param>
internal sealed class SshBytes(ReadOnlyMemory<byte> bytes)
{
    private int _at;

    public byte? TryByte() => _at < bytes.Length ? bytes.Span[_at++] : null;

    public uint? TryNumber()
    {
        if (bytes.Length - _at < sizeof(uint))
        {
            return null;
        }

        _at += sizeof(uint);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[(_at - sizeof(uint))..]);
    }

    public byte[]? TryBytes()
    {
        if (TryNumber() is not { } length || length > bytes.Length - _at)
        {
            return null;
        }

        _at += (int)length;
        return bytes.Slice(_at - (int)length, (int)length).ToArray();
    }

    public string? TryText() => TryBytes() is { } text ? Encoding.UTF8.GetString(text) : null;

    /// <summary>A number.</summary>
    public static byte[] Of(uint number)
    {
        var word = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(word, number);
        return word;
    }

    /// <summary>Bytes with their length in front.</summary>
    public static byte[] Of(byte[] content) => [.. Of((uint)content.Length), .. content];
}
