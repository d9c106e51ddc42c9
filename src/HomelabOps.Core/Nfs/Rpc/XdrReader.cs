using System.Buffers.Binary;
using System.Text;

namespace HomelabOps.Core.Nfs.Rpc;

/// <summary>Reads XDR (RFC 4506) of a server that may send anything.</summary>
/// <param name="bytes">A whole message.</param>
internal sealed class XdrReader(ReadOnlyMemory<byte> bytes)
{
    private int _at;

    /// <summary>All was read.</summary>
    public bool IsAtEnd => _at == bytes.Length;

    /// <exception cref="RpcException">The message ends before.</exception>
    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    public bool Boolean() => UInt32() != 0;

    /// <summary>A text of at most so many bytes.</summary>
    /// <exception cref="RpcException">It is longer, or the message ends before.</exception>
    public string Text(int limit) => Encoding.UTF8.GetString(Opaque(limit));

    public ReadOnlySpan<byte> Opaque(int limit)
    {
        var length = UInt32();
        if (length > limit)
        {
            throw RpcException.Garbage();
        }

        var value = Take((int)length);
        Take((sizeof(uint) - ((int)length % sizeof(uint))) % sizeof(uint));
        return value;
    }

    /// <summary>A list in which a word before each item says that there is one.</summary>
    /// <exception cref="RpcException">There are more than so many.</exception>
    public List<T> List<T>(int limit, Func<XdrReader, T> item)
    {
        var items = new List<T>();
        while (Boolean())
        {
            items.Add(items.Count < limit ? item(this) : throw RpcException.Garbage());
        }

        return items;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - _at)
        {
            throw RpcException.Garbage();
        }

        _at += count;
        return bytes.Span.Slice(_at - count, count);
    }
}
