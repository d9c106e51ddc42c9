using System.Buffers.Binary;

namespace HomelabOps.Sandbox.Api.Nodes.Spdy;

/// <summary>A frame: eight bytes of head and what follows. Without a type it has data of a stream.</summary>
internal sealed record SpdyFrame(FrameType? Type, int Stream, byte Flags, byte[] Payload)
{
    /// <summary>The flag of the last frame of a stream's side.</summary>
    public const byte Last = 1;

    /// <summary>No frame of ours is longer, so that one stream does not keep the others waiting.</summary>
    public const int LongestData = 32 * 1024;

    private const int Version = 3;
    private const int HeadLength = 8;
    private const int NumberLength = sizeof(int);
    private const int LongestControl = 64 * 1024;
    private const uint ControlBit = 0x80000000;

    public bool IsLast => (Flags & Last) != 0;

    /// <summary>The number that a control frame begins with: of a stream or a ping.</summary>
    public uint Number => Payload.Length >= NumberLength
        ? BinaryPrimitives.ReadUInt32BigEndian(Payload)
        : throw new InvalidDataException($"a frame {Type} of {Payload.Length} bytes is too short");

    public static SpdyFrame Control(FrameType type, uint number, ReadOnlySpan<byte> rest, byte flags = 0)
    {
        var payload = new byte[NumberLength + rest.Length];
        BinaryPrimitives.WriteUInt32BigEndian(payload, number);
        rest.CopyTo(payload.AsSpan(NumberLength));
        return new(type, 0, flags, payload);
    }

    /// <summary>Reads the next frame; null at the end.</summary>
    /// <exception cref="InvalidDataException">It is none of SPDY/3.</exception>
    public static async Task<SpdyFrame?> ReadAsync(Stream transport, CancellationToken cancellationToken)
    {
        var head = new byte[HeadLength];
        if (await transport.ReadAtLeastAsync(head, HeadLength, throwOnEndOfStream: false, cancellationToken) < HeadLength)
        {
            return null;
        }

        var (first, second) = (BinaryPrimitives.ReadUInt32BigEndian(head), BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(NumberLength)));
        var (flags, length) = ((byte)(second >> 24), (int)(second & 0xffffff));
        var isControl = (first & ControlBit) != 0;
        if (isControl && (((first & ~ControlBit) >> 16) != Version || length > LongestControl))
        {
            throw new InvalidDataException($"no frame of SPDY/3: {Convert.ToHexStringLower(head)}");
        }

        var payload = new byte[length];
        await transport.ReadExactlyAsync(payload, cancellationToken);
        return isControl ? new((FrameType)(first & 0xffff), 0, flags, payload) : new(null, (int)first, flags, payload);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[HeadLength + Payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Type is { } type ? ControlBit | (Version << 16) | (uint)type : (uint)Stream);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(NumberLength), ((uint)Flags << 24) | (uint)Payload.Length);
        Payload.CopyTo(bytes, HeadLength);
        return bytes;
    }
}
