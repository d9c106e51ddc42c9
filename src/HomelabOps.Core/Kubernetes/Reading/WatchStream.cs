using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace HomelabOps.Core.Kubernetes.Reading;

/// <summary>Splits the body of a watch into its events: one JSON document a line.</summary>
internal static class WatchStream
{
    private const int InitialBuffer = 16 * 1024;

    internal readonly record struct Frame(string Type, ReadOnlyMemory<byte> Object);

    /// <summary>
    /// Gives the events until the server ends the watch. A line that is cut off at the end is dropped: the watch is
    /// resumed from the event before it.
    /// </summary>
    public static async IAsyncEnumerable<Frame> ReadAsync(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var lines = new BodyLines(body, InitialBuffer);
        while (await lines.MoveNextAsync(cancellationToken))
        {
            if (!lines.IsCutOff && Parse(lines.Current) is { } frame)
            {
                yield return frame;
            }
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
