using System.Buffers.Binary;

namespace HomelabOps.Sandbox.Api.Nodes.Spdy;

/// <summary>A part of a deflate stream that is not compressed.</summary>
internal static class StoredBlock
{
    private const int HeadLength = 5;

    /// <summary>At most 65,535 bytes as a block that is not the last one.</summary>
    public static byte[] Of(ReadOnlySpan<byte> data)
    {
        var length = checked((ushort)data.Length);
        var block = new byte[HeadLength + length];
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(1), length);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(3), (ushort)~length);
        data.CopyTo(block.AsSpan(HeadLength));
        return block;
    }
}
