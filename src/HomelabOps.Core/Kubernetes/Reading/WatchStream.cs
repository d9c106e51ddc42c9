using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace HomelabOps.Core.Kubernetes.Reading;

/// <summary>Splits the body of a watch into its events: one JSON document a line.</summary>
internal static class WatchStream
{
    internal readonly record struct Frame(string Type, ReadOnlyMemory<byte> Object);

    /// <summary>
    /// Gives the events until the server ends the watch. A line that is cut off at the end is dropped: the watch is
    /// resumed from the event before it.
    /// </summary>
    public static async IAsyncEnumerable<Frame> ReadAsync(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        var (start, end) = (0, 0);
        try
        {
            while (true)
            {
                int newline;
                while ((newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n')) >= 0)
                {
                    if (Parse(buffer.AsMemory(start, newline)) is { } frame)
                    {
                        yield return frame;
                    }

                    start += newline + 1;
                }

                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                if (end == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, end).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var read = await body.ReadAsync(buffer.AsMemory(end), cancellationToken);
                if (read == 0)
                {
                    yield break;
                }

                end += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static T? Deserialize<T>(Frame frame, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(frame.Object.Span, type);

    private static Frame? Parse(ReadOnlyMemory<byte> line)
    {
        if (line.Span.Trim((byte)'\r').IsEmpty)
        {
            return null;
        }

        var reader = new Utf8JsonReader(line.Span);
        var type = "";
        ReadOnlyMemory<byte> item = default;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isType = reader.ValueTextEquals("type"u8);
            var isObject = reader.ValueTextEquals("object"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if (isType)
            {
                type = reader.GetString() ?? "";
            }

            reader.Skip();
            if (isObject)
            {
                item = line[start..(int)reader.BytesConsumed];
            }
        }

        return new Frame(type, item);
    }
}
