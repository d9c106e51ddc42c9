using System.Buffers;
using System.Text;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>Writes the fields of a protobuf message, as far as they are texts and messages.</summary>
internal sealed class ProtobufWriter
{
    private const int LengthDelimited = 2;
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Text(int field, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            Bytes(field, Encoding.UTF8.GetBytes(text));
        }
    }

    public void Message(int field, Action<ProtobufWriter> write)
    {
        var inner = new ProtobufWriter();
        write(inner);
        Bytes(field, inner._bytes.WrittenSpan);
    }

    private void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Variable((uint)((field << 3) | LengthDelimited));
        Variable((uint)bytes.Length);
        _bytes.Write(bytes);
    }

    private void Variable(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Write([(byte)(value | 0x80)]);
        }

        _bytes.Write([(byte)value]);
    }
}
