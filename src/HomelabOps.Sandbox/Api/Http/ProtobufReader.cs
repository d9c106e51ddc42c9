namespace HomelabOps.Sandbox.Api.Http;

/// <summary>Goes through the fields of a protobuf message.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    public int Field { get; private set; }

    /// <summary>The value of a number's field.</summary>
    public ulong Number { get; private set; }

    /// <summary>The value of a field with a length.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = ReadVariable();
        Field = (int)(tag >> 3);
        Number = 0;
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Number = ReadVariable();
                break;
            case 1:
                Number = BitConverter.ToUInt64(_rest[..8]);
                _rest = _rest[8..];
                break;
            case 2:
                var length = checked((int)ReadVariable());
                Bytes = _rest[..length];
                _rest = _rest[length..];
                break;
            case 5:
                Number = BitConverter.ToUInt32(_rest[..4]);
                _rest = _rest[4..];
                break;
            default:
                throw new InvalidDataException($"wire type {tag & 7} of field {Field}");
        }

        return true;
    }

    private ulong ReadVariable()
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var part = _rest[0];
            _rest = _rest[1..];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }

            shift += 7;
            if (shift > 63)
            {
                throw new InvalidDataException("a number is too long");
            }
        }
    }
}
