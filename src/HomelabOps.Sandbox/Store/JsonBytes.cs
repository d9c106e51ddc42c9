using System.Buffers;
using System.Text.Json;

namespace HomelabOps.Sandbox.Store;

/// <summary>Writes JSON into a buffer that each thread keeps: every request writes some, and most of it is short.</summary>
internal static class JsonBytes
{
    // What a buffer may keep for the next time.
    private const int Kept = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>The bytes that are written. The writing itself must not call this once more.</summary>
    public static byte[] Of<T>(T state, Action<Utf8JsonWriter, T> write)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        var writer = _writer ??= new Utf8JsonWriter(buffer, ObjectJson.WriterOptions);
        try
        {
            write(writer, state);
            writer.Flush();
            return buffer.WrittenSpan.ToArray();
        }
        finally
        {
            if (buffer.Capacity > Kept)
            {
                (_buffer, _writer) = (null, null);
            }
            else
            {
                buffer.ResetWrittenCount();
                writer.Reset(buffer);
            }
        }
    }
}
